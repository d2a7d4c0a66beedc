/* Writing JSON by hand: strings with their escapes. */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

/* "text" with quotes. Bytes above 127 are passed on: text is UTF-8. */
void json_string(FILE *out, const char *text);
/* "name": "value" */
void json_member(FILE *out, const char *name, const char *value);

#endif
