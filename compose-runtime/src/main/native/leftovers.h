/* `jcr sweep`: what processes that were killed left behind. */
#ifndef JCR_LEFTOVERS_H
#define JCR_LEFTOVERS_H

int leftovers_main(const char *run_dir);

#endif
