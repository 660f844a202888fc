/*
 * Wires between pairs of network interfaces, for kernels without netem: what comes in at the first of a pair goes out at the second
 * DELAY milliseconds later, or is lost; what comes in at the second goes out at the first at once.
 *
 *   wire DELAY-MS LOSS-PERCENT FIRST SECOND [FIRST SECOND ...]
 *
 * It ends with its standard input. Frames pass as the kernel has them, with a header that says what it has left for a network card to do (checksums, cutting
 * into segments): PACKET_VNET_HDR of packet(7).
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

enum { MOST_WIRES = 64, LARGEST = 65536 + 64 };

struct frame {
  struct frame *next;
  double due;
  ssize_t length;
  char bytes[];
};

struct wire {
  struct frame *first, **last;
};

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void fail(const char *what, const char *which) {
  fprintf(stderr, "wire: %s %s: %s\n", what, which, strerror(errno));
  exit(1);
}

static int open_end(const char *interface) {
  int on = 1;
  struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  int end = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
  if (end < 0) fail("no socket for", interface);
  place.sll_ifindex = (int)if_nametoindex(interface);
  if (place.sll_ifindex == 0) fail("there is no", interface);
  if (setsockopt(end, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) != 0) fail("no headers at", interface);
  if (setsockopt(end, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0) fail("no ears at", interface);
  if (bind(end, (struct sockaddr *)&place, sizeof place) != 0) fail("cannot bind to", interface);
  return end;
}

static void keep(struct wire *wire, const char *bytes, ssize_t length, double due) {
  struct frame *frame = malloc(sizeof *frame + (size_t)length);
  if (frame == NULL) fail("no memory for", "a frame");
  frame->next = NULL;
  frame->due = due;
  frame->length = length;
  memcpy(frame->bytes, bytes, (size_t)length);
  *wire->last = frame;
  wire->last = &frame->next;
}

/* A frame that the kernel does not take is lost, as on any wire. Returns the milliseconds to the next one, or -1. */
static double send_due(struct wire *wire, int out) {
  while (wire->first != NULL) {
    struct frame *frame = wire->first;
    double wait = frame->due - now_ms();
    if (wait > 0) return wait;
    if (write(out, frame->bytes, (size_t)frame->length) < 0 && errno == EBADF) fail("cannot write", "a frame");
    wire->first = frame->next;
    if (wire->first == NULL) wire->last = &wire->first;
    free(frame);
  }
  return -1;
}

int main(int count, char **words) {
  static struct wire wires[MOST_WIRES];
  /* The last is the standard input. */
  static struct pollfd ends[2 * MOST_WIRES + 1];
  static char bytes[LARGEST];
  int wire_count = (count - 3) / 2;
  if (count < 5 || count % 2 == 0 || wire_count > MOST_WIRES) {
    fprintf(stderr, "usage: wire DELAY-MS LOSS-PERCENT FIRST SECOND [FIRST SECOND ...]\n");
    return 2;
  }
  double delay = atof(words[1]), loss = atof(words[2]) / 100;
  for (int at = 0; at < 2 * wire_count; at++) {
    ends[at].fd = open_end(words[3 + at]);
    ends[at].events = POLLIN;
    wires[at / 2].last = &wires[at / 2].first;
  }
  ends[2 * wire_count].fd = 0;
  puts("the wires are up");
  fflush(stdout);
  srand48(1);
  for (;;) {
    double wait = -1;
    for (int at = 0; at < wire_count; at++) {
      double next = send_due(&wires[at], ends[2 * at + 1].fd);
      if (next >= 0 && (wait < 0 || next < wait)) wait = next;
    }
    if (poll(ends, (nfds_t)(2 * wire_count + 1), wait < 0 ? -1 : (int)wait + 1) < 0 && errno != EINTR) fail("cannot", "poll");
    if (ends[2 * wire_count].revents & POLLHUP) return 0;
    for (int at = 0; at < 2 * wire_count; at++) {
      ssize_t length;
      while ((length = read(ends[at].fd, bytes, sizeof bytes)) > 0) {
        if (at % 2 == 0) {
          if (drand48() >= loss) keep(&wires[at / 2], bytes, length, now_ms() + delay);
        } else if (write(ends[at - 1].fd, bytes, (size_t)length) < 0 && errno == EBADF) {
          fail("cannot write", "a frame");
        }
      }
    }
  }
}
