/* Facts about this build, for `remelt version` and the record of a run. */
#ifndef BUILD_H
#define BUILD_H

#include "command.h"

enum { BUILD_FACTS = 11, BUILD_TEXT = 256 };

struct build_fact {
    const char *name;
    char value[BUILD_TEXT];
};

/* Fills all facts and returns their number. */
size_t build_facts(struct build_fact facts[BUILD_FACTS]);

#endif
