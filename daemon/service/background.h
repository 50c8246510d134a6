/* Work that leaves the processor to the threads that record and answer: walks over much history, verifications,
 * backups. Called by such a thread of itself, before it begins. */
#ifndef MUSTER_SERVICE_BACKGROUND_H
#define MUSTER_SERVICE_BACKGROUND_H

/* Of the calling thread only (Linux). Where it is not allowed, the thread works like the others. */
void background_thread(void);

#endif
