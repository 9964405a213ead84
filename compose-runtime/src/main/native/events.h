/* What happens to a project's containers, one line each in RUN/events/<project>: `<unix ns> <id12> <action>[ <key>=<value>...]`. */
#ifndef JCR_EVENTS_H
#define JCR_EVENTS_H

#include "place.h"

void event_note(const struct place *p, const char *id12, const char *action);
/* With an attribute that is a number. */
void event_note_number(const struct place *p, const char *id12, const char *action, const char *key, int value);

#endif
