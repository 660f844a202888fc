/* Loaded before Redis: its clock is so many seconds ahead as the file CLOCK_FILE says. What tells no time of day stays right. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long ahead(void) {
  char text[32] = {0};
  int file = open(getenv("CLOCK_FILE"), O_RDONLY);
  if (file < 0) return 0;
  long got = read(file, text, sizeof text - 1);
  close(file);
  return got > 0 ? atol(text) : 0;
}
int gettimeofday(struct timeval *now, void *zone) {
  int failed = syscall(SYS_gettimeofday, now, zone);
  if (failed == 0 && now) now->tv_sec += ahead();
  return failed;
}
time_t time(time_t *to) {
  struct timeval now;
  gettimeofday(&now, NULL);
  if (to) *to = now.tv_sec;
  return now.tv_sec;
}
