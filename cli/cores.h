/* The processors that this process may use. */
#ifndef CORES_H
#define CORES_H

enum { CORES_MAX = 4096 };

/* At least 1; what a batch system or taskset leaves to us counts, not what the machine has. */
int cores_usable(void);

#endif
