/* A graphics card made of the processor: each thread of a block is a fiber, and a block's fibers take
   turns wherever they wait for each other. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include <functional>

#undef INT64_C
#undef INT64_MAX
#undef INT64_MIN
#undef INFINITY
#undef NAN
#define int8_t card_int8_t
#define uint8_t card_uint8_t
#define int16_t card_int16_t
#define uint16_t card_uint16_t
#define int32_t card_int32_t
#define int64_t card_int64_t
#define __device__
#define __global__
#define __noinline__
#define __launch_bounds__(n)
#define __shared__ static
#define __expf expf

static struct { unsigned x; } threadIdx, blockIdx;
static const int FIBERS = 256, STACK = 1 << 16;
static ucontext_t home, fibers[FIBERS];
static char stacks[FIBERS][STACK];
static bool done[FIBERS];
static long met[FIBERS], gathered[FIBERS];
static double slots[FIBERS];
static std::function<void()> body;

static void yield() {
  const unsigned me = threadIdx.x;
  swapcontext(&fibers[me], &home);
  threadIdx.x = me;
}

static void __syncthreads() {
  const long mine = ++met[threadIdx.x];
  for (bool waiting = true; waiting;) {
    waiting = false;
    for (int t = 0; t < FIBERS; t++) waiting |= !done[t] && met[t] < mine;
    if (waiting) yield();
  }
}

static void gather(unsigned team) {
  const unsigned me = threadIdx.x, warp = me / 32 * 32;
  const long mine = ++gathered[me];
  for (bool waiting = true; waiting;) {
    waiting = false;
    for (int t = 0; t < 32; t++) waiting |= (team >> t & 1) && gathered[warp + t] < mine;
    if (waiting) yield();
  }
}

template <class T> static T __shfl_xor_sync(unsigned team, T x, int distance) {
  memcpy(&slots[threadIdx.x], &x, sizeof x);
  gather(team);
  T y;
  memcpy(&y, &slots[threadIdx.x ^ distance], sizeof y);
  gather(team);
  return y;
}

static void __threadfence() {}
static unsigned __float_as_uint(float f) { unsigned i; memcpy(&i, &f, 4); return i; }
static float __uint_as_float(unsigned i) { float f; memcpy(&f, &i, 4); return f; }
static float __int_as_float(int i) { float f; memcpy(&f, &i, 4); return f; }
template <class T> static T atomicAdd(T* z, T x) { T old = *z; *z = old + x; return old; }
static unsigned atomicCAS(unsigned* z, unsigned old, unsigned x) {
  unsigned seen = *z;
  if (seen == old) *z = x;
  return seen;
}

static void fiber(int me) {
  threadIdx.x = me;
  body();
  done[me] = true;
}

static void card(int blocks, std::function<void()> kernel) {
  body = kernel;
  for (int b = 0; b < blocks; b++) {
    blockIdx.x = b;
    for (int t = 0; t < FIBERS; t++) {
      getcontext(&fibers[t]);
      fibers[t].uc_stack.ss_sp = stacks[t];
      fibers[t].uc_stack.ss_size = STACK;
      fibers[t].uc_link = &home;
      makecontext(&fibers[t], (void (*)())fiber, 1, t);
      done[t] = false;
      met[t] = gathered[t] = 0;
    }
    for (int left = FIBERS, turns = 0; left; turns++) {
      if (turns > 1 << 20) { fprintf(stderr, "threads wait for ever\n"); abort(); }
      left = 0;
      for (int t = 0; t < FIBERS; t++)
        if (!done[t]) {
          swapcontext(&home, &fibers[t]);
          left += !done[t];
        }
    }
  }
}

/* A pointer to whatever a kernel wants. */
struct any {
  void* p;
  template <class T> operator T*() const { return (T*)p; }
};
