/* The first board of a replicate: what holders quote, sell and hold on 1 January 2019. */
#ifndef OPENING_H
#define OPENING_H

#include "place.h"

/* Fills both boards' holders; the nation's part must be there. */
void opening_board(struct place *nation);
/* "Anhui", or "the nation". */
const char *opening_place_name(int index);

#endif
