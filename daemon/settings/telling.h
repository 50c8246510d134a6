/* Reading of people, routes and the calendar, shared by their files only (settings/people.h). */
#ifndef MUSTER_SETTINGS_TELLING_H
#define MUSTER_SETTINGS_TELLING_H

#include "settings/keys.h"

enum { WEEKDAYS = 7 };
extern const char *const settings_weekdays[WEEKDAYS];
int settings_weekday(const char *name, size_t len); /* 0 Monday .. 6 Sunday; -1: none */
int settings_read_when(struct tell_when *out, const struct conf_node *node, struct err *err) MUST_CHECK;
int settings_read_level(enum level *out, const struct conf_node *node, struct err *err) MUST_CHECK;
/* A duration in days or weeks, at most `most` days. */
int settings_read_days(int32_t *out, const struct conf_node *node, int32_t most, struct err *err) MUST_CHECK;
/* Says so, with the nearest. Returns 1. */
int settings_unknown_person(const struct telling *telling, const struct conf_node *node, struct err *err);

/* With the rule pack read. 0, or 1 with a sentence at its place. */
int settings_check_routes(const struct settings *s, struct err *err) MUST_CHECK;
void settings_free_telling(struct telling *telling);

void settings_free_people(struct telling *telling);
void settings_free_routes(struct telling *telling);
void settings_free_calendar(struct calendar *calendar);

#endif
