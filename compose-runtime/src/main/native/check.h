/* `jcr check`: what this machine's kernel offers, one line per feature. */
#ifndef JCR_CHECK_H
#define JCR_CHECK_H

int check_main(void);

#endif
