/*
 * The floor: what the kernel alone asks for. Accepts connections, answers each one's head, and then writes bytes that were
 * made beforehand: one write per connection and tick, as many events in it as the tick has. It reads, makes and checks
 * nothing.
 *
 *   floor <head> <events>     files: what each connection is answered, and the events, each behind its length (32 bits, as
 *                             the machine has them)
 *
 * Says its port. Then each line of standard input, `<ms> <events a tick>`, is a run; its answer is
 * `<events> <bytes since the start> <CPU in microseconds, of the run>`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* More at once than any case asks for. */
#define EVENTS_PER_TICK_MAX 64

struct connection {
  int fd;
  size_t written; /* of the tick's bytes */
};

static struct connection *connections;
static size_t count, room;
static unsigned long long total;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static char *read_all(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) die(path);
  fseek(file, 0, SEEK_END);
  *length = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*length + 1);
  if (fread(bytes, 1, *length, file) != *length) die(path);
  fclose(file);
  return bytes;
}

static double now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static double cpu_us(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

static void write_some(struct connection *to, const char *bytes, size_t length) {
  ssize_t wrote = send(to->fd, bytes + to->written, length - to->written, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (wrote < 0 && errno != EAGAIN) die("send");
  if (wrote < 0) return;
  to->written += (size_t)wrote;
  total += (unsigned long long)wrote;
}

/* Its question is read to the end of its head and not looked at. */
static void take(int fd, const char *head, size_t head_length) {
  char last[4] = {0}, byte;
  while (memcmp(last, "\r\n\r\n", 4) != 0) {
    if (read(fd, &byte, 1) != 1) die("read");
    memmove(last, last + 1, 3);
    last[3] = byte;
  }
  int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (count == room) {
    room = room ? room * 2 : 64;
    connections = realloc(connections, room * sizeof *connections);
  }
  connections[count] = (struct connection){.fd = fd, .written = 0};
  write_some(&connections[count++], head, head_length);
}

/* One write to each; who is full is waited for once all have been written to. */
static void tell_all(const char *bytes, size_t length) {
  for (size_t i = 0; i < count; i++) {
    connections[i].written = 0;
    write_some(&connections[i], bytes, length);
  }
  for (size_t i = 0; i < count; i++) {
    while (connections[i].written < length) {
      struct pollfd ready = {.fd = connections[i].fd, .events = POLLOUT};
      if (poll(&ready, 1, -1) < 0) die("poll");
      write_some(&connections[i], bytes, length);
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "floor <head> <events>\n"), 2;
  size_t head_length, length;
  char *head = read_all(argv[1], &head_length);
  char *events = read_all(argv[2], &length);

  int server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(server, (struct sockaddr *)&address, size) < 0 || listen(server, 511) < 0) die("listen");
  getsockname(server, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  char *batch = malloc(length * EVENTS_PER_TICK_MAX), line[128];
  size_t at = 0;
  for (;;) {
    struct pollfd sources[] = {{.fd = server, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    if (poll(sources, 2, -1) < 0) die("poll");
    if (sources[0].revents) {
      int fd = accept(server, NULL, NULL);
      if (fd < 0) die("accept");
      take(fd, head, head_length);
      continue;
    }
    if (!fgets(line, sizeof line, stdin)) return 0;
    double for_ms, cpu = cpu_us(), end = now_ms();
    unsigned per_tick, told = 0;
    if (sscanf(line, "%lf %u", &for_ms, &per_tick) != 2 || per_tick == 0 || per_tick > EVENTS_PER_TICK_MAX)
      return fprintf(stderr, "floor: not a run: %s", line), 2;
    end += for_ms;
    do {
      size_t batched = 0;
      for (unsigned n = 0; n < per_tick; n++, told++) {
        uint32_t one;
        memcpy(&one, events + at, sizeof one);
        memcpy(batch + batched, events + at + sizeof one, one);
        batched += one;
        at = at + sizeof one + one == length ? 0 : at + sizeof one + one;
      }
      tell_all(batch, batched);
    } while (now_ms() < end);
    printf("%u %llu %.0f\n", told, total, cpu_us() - cpu);
    fflush(stdout);
  }
}
