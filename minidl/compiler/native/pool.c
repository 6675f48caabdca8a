/* The one pool of threads of a process. A step runs on all of them at once, the caller among them;
   between steps they spin for a moment, then sleep. After a fork the child makes its own. */

#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include "runtime.h"

#define STACK (16 << 20) /* bytes: some systems give a thread too few for the rows that loops keep */

typedef void (*step_t)(const program_t*, int, int);

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER, lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t called = PTHREAD_COND_INITIALIZER;
static volatile int job = 0, sleeping = 0, running = 0;
static volatile int threads = 1;
static step_t step;
static const program_t* program;

static void* work(void* given) {
  const int me = (int)((intptr_t)given & 0xffff);
  int seen = (int)((intptr_t)given >> 16);
  for (;;) {
    for (int spins = 0; __atomic_load_n(&job, __ATOMIC_ACQUIRE) == seen; spins++) {
      if (spins < 4000) {
        pause_();
        continue;
      }
      pthread_mutex_lock(&lock);
      sleeping++;
      while (job == seen) pthread_cond_wait(&called, &lock);
      sleeping--;
      pthread_mutex_unlock(&lock);
    }
    seen = __atomic_load_n(&job, __ATOMIC_ACQUIRE);
    if (me < program->team->threads) step(program, me, program->team->threads);
    __atomic_sub_fetch(&running, 1, __ATOMIC_ACQ_REL); /* also those with nothing to do */
  }
  return NULL;
}

static void forked(void) {
  threads = 1;
  job = sleeping = running = 0;
  pthread_mutex_init(&turn, NULL);
  pthread_mutex_init(&lock, NULL);
  pthread_cond_init(&called, NULL);
}

void rest(void) { sched_yield(); }

/* Runs a step on its program's threads and returns when all are done. */
void run(step_t what, const program_t* on) {
  const int wanted = on->team->threads;
  if (wanted == 1) {
    what(on, 0, 1);
    return;
  }
  pthread_mutex_lock(&turn);
  static int watched = 0;
  if (!watched) {
    watched = 1;
    pthread_atfork(NULL, NULL, forked);
  }
  while (threads < wanted) {
    pthread_t one;
    pthread_attr_t how;
    pthread_attr_init(&how);
    pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&how, STACK);
    const int refused = pthread_create(&one, &how, work, (void*)((intptr_t)job << 16 | threads));
    pthread_attr_destroy(&how);
    if (refused) {
      on->team->threads = threads; /* as many as the system gives */
      break;
    }
    threads++;
  }
  const int theirs = on->get_threads ? on->get_threads() : 1;
  if (theirs > 1) on->set_threads(1);
  step = what;
  program = on;
  __atomic_store_n(&running, threads - 1, __ATOMIC_RELEASE);
  __atomic_add_fetch(&job, 1, __ATOMIC_ACQ_REL);
  pthread_mutex_lock(&lock);
  if (sleeping) pthread_cond_broadcast(&called);
  pthread_mutex_unlock(&lock);
  what(on, 0, on->team->threads);
  for (int spins = 0; __atomic_load_n(&running, __ATOMIC_ACQUIRE); spins++) {
    if (spins < 4000) pause_();
    else sched_yield();
  }
  if (theirs > 1) on->set_threads(theirs);
  pthread_mutex_unlock(&turn);
}
