/* A graphics card made of the processor. Each thread of a block is a fiber with a stack of its own; a
   block's fibers take turns wherever they wait for each other, and blocks come one after the other. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include <functional>
#include <vector>

#define __device__
#define __global__
#define __noinline__
#define __launch_bounds__(...)
#define __shared__ static
#define __expf expf

struct Dim { unsigned x, y, z; };
static Dim threadIdx, blockIdx, blockDim, gridDim;

namespace stage {
const unsigned MOST = 1024, WARP = 32;
const size_t STACK = 1 << 16;
static ucontext_t director, fibers[MOST];
static std::vector<char> stacks;
static std::function<void()> body;
static bool done[MOST], moved;
static unsigned now, count, living;  // which fiber runs; how many there are, and are not done
static unsigned come, turn;          // to a barrier: how many have come, and how often all had
static unsigned met[MOST];           // of each fiber, how often it met its warp
static uint64_t slots[2][MOST];      // what it hands to others there, by turns

static void yield() { swapcontext(&fibers[now], &director); }

static void open_if_all_came() {
    if (come && come == living) come = 0, turn++;
}

static void barrier() {
    const unsigned mine = turn;
    come++, moved = true;
    open_if_all_came();
    while (turn == mine) yield();
    moved = true;
}

static void gather(unsigned team) {
    const unsigned warp = now / WARP * WARP, mine = ++met[now];
    moved = true;
    for (bool waiting = true; waiting;) {
        waiting = false;
        for (unsigned t = 0; t < WARP && warp + t < count; t++)
            waiting |= (team >> t & 1) && !done[warp + t] && met[warp + t] < mine;
        if (waiting) yield();
    }
    moved = true;
}

// The number that a thread of the warp hands over; the slots are free again when all met once more.
template <class T, class F> static T handed(unsigned team, T x, F from) {
    const unsigned side = met[now] & 1;
    memcpy(&slots[side][now], &x, sizeof x);
    gather(team);
    T y;
    memcpy(&y, &slots[side][from(now)], sizeof y);
    return y;
}

static void act() {
    body();
    done[now] = moved = true;
    living--;
    open_if_all_came();
    swapcontext(&fibers[now], &director);
}

static void play_block() {
    count = living = blockDim.x * blockDim.y * blockDim.z, come = turn = 0;
    if (stacks.size() < count * STACK) stacks.resize(count * STACK);
    for (unsigned i = 0; i < count; i++) {
        done[i] = false, met[i] = 0;
        getcontext(&fibers[i]);
        fibers[i].uc_stack.ss_sp = &stacks[i * STACK];
        fibers[i].uc_stack.ss_size = STACK;
        makecontext(&fibers[i], act, 0);
    }
    while (living) {
        moved = false;
        for (now = 0; now < count; now++) {
            if (done[now]) continue;
            threadIdx = {now % blockDim.x, now / blockDim.x % blockDim.y,
                         now / (blockDim.x * blockDim.y)};
            swapcontext(&director, &fibers[now]);
        }
        if (!moved) fprintf(stderr, "threads wait for ever\n"), abort();
    }
}

static void play(Dim blocks, Dim threads, std::function<void()> kernel) {
    gridDim = blocks, blockDim = threads, body = kernel;
    for (unsigned z = 0; z < blocks.z; z++)
        for (unsigned y = 0; y < blocks.y; y++)
            for (unsigned x = 0; x < blocks.x; x++) blockIdx = {x, y, z}, play_block();
}
}  // namespace stage

static void __syncthreads() { stage::barrier(); }
static void __threadfence() {}
template <class T> static T __shfl_xor_sync(unsigned team, T x, unsigned distance) {
    return stage::handed(team, x, [=](unsigned me) { return me ^ distance; });
}
template <class T> static T __shfl_sync(unsigned team, T x, unsigned lane) {
    return stage::handed(team, x, [=](unsigned me) { return me / stage::WARP * stage::WARP + lane; });
}
template <class To, class From> static To bits_as(From x) { To y; memcpy(&y, &x, sizeof y); return y; }
static unsigned __float_as_uint(float x) { return bits_as<unsigned>(x); }
static float __uint_as_float(unsigned x) { return bits_as<float>(x); }
static float __int_as_float(int x) { return bits_as<float>(x); }
static uint64_t __umul64hi(uint64_t x, uint64_t y) { return (unsigned __int128)x * y >> 64; }
template <class T> static T atomicAdd(T* z, T x) { T old = *z; *z = old + x; return old; }
static unsigned atomicCAS(unsigned* z, unsigned old, unsigned x) {
    unsigned seen = *z;
    if (seen == old) *z = x;
    return seen;
}
