/* Files that come with the program: report templates, the rating's weights. */
#ifndef MUSTER_CLI_DATA_H
#define MUSTER_CLI_DATA_H

/* The path of an installed file ("templates/report/summary.en.md"): under $MUSTER_DATADIR, where it was installed, or
 * beside the program (in an installation that was moved, and where it was built). On the heap; the file need not be there. */
char *data_file(const char *rest);

#endif
