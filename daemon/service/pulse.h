/* The daemon's own pulse, for those who watch machines: figures in a file, in Prometheus' text format (node_exporter's
 * textfile collector reads it), and an address that is called as long as the daemon does its work.
 *
 * The main thread says every PULSE_S what there is to say; a thread writes the file and calls the address, so that
 * neither a disk nor a network holds up anything. What it is still busy with when the next comes is left out. If the main
 * thread stands still, the file grows old and the address is called no more: that is what it is for.
 *
 * A rehearsal calls nobody.
 */
#ifndef MUSTER_SERVICE_PULSE_H
#define MUSTER_SERVICE_PULSE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct pulse;
struct service;

int pulse_start(struct pulse **out, struct err *err) MUST_CHECK;
/* A call under way is broken off within a second. Takes NULL. */
void pulse_stop(struct pulse *pulse);

/* In the main loop: says it, if it is time. Milliseconds until it is again; -1: nothing is configured. */
int64_t pulse_step(struct service *s, int64_t now_ms);

/* metrics.c: everything that is measured. -1: the store failed. */
int metrics_write(struct buf *out, struct service *s, struct err *err) MUST_CHECK;

#endif
