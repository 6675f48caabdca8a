/* What every emitted program begins with: threads, products of matrices, fast functions.

   Nothing here leans on the vectors of one processor: the loops are plain, and a compiler at -O3
   turns them into whatever the machine has. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__clang__)
#define IVDEP _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define IVDEP _Pragma("GCC ivdep")
#else
#define IVDEP
#endif

#define ALIGNED __attribute__((aligned(64)))

/* A value that takes statements to compute. */
#define RESULT(value, ...) ({ __VA_ARGS__ value; })

/* Functions that are called, never copied into their caller: that would cost seconds of compiling. */
#define APART __attribute__((noinline)) static

/* Threads ---------------------------------------------------------------------------------------
   All threads run the whole step, each on its share of every loop, and wait for each other only
   where one reads what another wrote. */

typedef struct {
  volatile int arrived, phase;
  int threads;
} team_t;

static inline void pause_(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

typedef struct {
  char* arena;      /* the program's own memory */
  void** places;    /* inputs, outputs, constants, random numbers */
  int* status;      /* not 0: an index was out of bounds */
  team_t* team;
  void (*rest)(void); /* gives the processor to somebody else */
  void (*sgemm)(void);
  void (*dgemm)(void);
  void (*set_threads)(int); /* of the library that sgemm is from, whose own threads stay idle */
  int (*get_threads)(void);
} program_t;

APART void wait_for_all(const program_t* p) {
  team_t* team = p->team;
  const int phase = team->phase;
  if (__atomic_add_fetch(&team->arrived, 1, __ATOMIC_ACQ_REL) == team->threads) {
    team->arrived = 0;
    __atomic_store_n(&team->phase, phase + 1, __ATOMIC_RELEASE);
  } else {
    for (int spins = 0; __atomic_load_n(&team->phase, __ATOMIC_ACQUIRE) == phase; spins++) {
      if (spins < 2000) pause_();
      else p->rest();
    }
  }
}

/* The share of `n` rows of thread t of T, in whole multiples of `step`. */
static inline long share(long n, long step, int t, int T) {
  return t == T ? n : (n / step * t / T) * step;
}

/* Indices ------------------------------------------------------------------------------------- */

static inline int64_t in_bounds(int64_t i, int64_t n, int* status) {
  if (i < 0) i += n;
  if ((uint64_t)i >= (uint64_t)n) {
    *status = 1;
    return 0;
  }
  return i;
}

/* Functions -------------------------------------------------------------------------------------
   Short polynomials after Cephes (S. Moshier, 1984-2000), which any compiler vectorises. Their
   errors, in units in the last place, are measured by tests/compiler/test_native.py. */

static inline float bits_to_float(int32_t i) {
  float f;
  memcpy(&f, &i, 4);
  return f;
}

static inline int32_t float_to_bits(float f) {
  int32_t i;
  memcpy(&i, &f, 4);
  return i;
}

/* e^x; what is below 2.6e-38 becomes 0. */
static inline float fast_exp(float x) {
  float y = x < -86.5f ? -86.5f : x;
  y = y > 88.72f ? 88.72f : y;
  const float shifted = y * 1.44269504088896341f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (y - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const float half = bits_to_float((float_to_bits(shifted) + 126) << 23);
  float z = p * half * 2.0f;
  z = x < -86.5f ? 0.0f : z;
  z = x > 88.72283f ? INFINITY : z;
  return x != x ? x : z;
}

/* e^x - 1, exact for small x */
static inline float fast_expm1(float x) {
  float p = 2.4801587302e-5f;
  p = p * x + 1.9841269841e-4f;
  p = p * x + 1.3888888889e-3f;
  p = p * x + 8.3333333333e-3f;
  p = p * x + 4.1666666667e-2f;
  p = p * x + 1.6666666667e-1f;
  p = p * x + 0.5f;
  const float small = p * x * x + x;
  const float large = fast_exp(x) - 1.0f;
  return fabsf(x) < 0.5f ? small : large;
}

static inline float fast_tanh(float x) {
  const float a = fabsf(x), b = a > 9.1f ? 9.1f : a;
  const float s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s - 5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s - 3.33332819422e-1f;
  const float small = p * s * x + x;
  const float large = copysignf(1.0f - 2.0f / (fast_exp(2.0f * b) + 1.0f), x);
  const float z = a < 0.625f ? small : large;
  return x != x ? x : z;
}

static inline float fast_log(float x) {
  const int tiny = x < 1.17549435e-38f;
  const float y = tiny ? x * 8388608.0f : x;
  const int32_t i = float_to_bits(y);
  float e = (float)((i >> 23) - 126 - (tiny ? 23 : 0));
  float m = bits_to_float((i & 0x007fffff) | 0x3f000000);
  const int low = m < 0.707106781186547524f;
  e = low ? e - 1.0f : e;
  m = low ? m + m - 1.0f : m - 1.0f;
  const float s = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float z = p * m * s - 2.12194440e-4f * e - 0.5f * s;
  z = (m + z) + 0.693359375f * e;
  z = x == INFINITY ? INFINITY : z;
  z = x == 0.0f ? -INFINITY : z;
  return (x < 0.0f) | (x != x) ? NAN : z;
}

/* The larger and the smaller of two numbers, nan if one is; and the same for sixteen lanes. */
#define EXTREMES(name, type, bits)                                                              \
  typedef type lanes_##name __attribute__((vector_size(16 * sizeof(type))));                    \
  typedef bits mask_##name __attribute__((vector_size(16 * sizeof(type))));                     \
  static inline type max_##name(type a, type b) { return (a > b) | (a != a) ? a : b; }          \
  static inline type min_##name(type a, type b) { return (a < b) | (a != a) ? a : b; }          \
  static inline lanes_##name all_##name(type a) { return a - (lanes_##name){0}; }               \
  static inline lanes_##name chosen_##name(mask_##name m, lanes_##name a, lanes_##name b) {     \
    return (lanes_##name)((m & (mask_##name)a) | (~m & (mask_##name)b));                        \
  }                                                                                             \
  static inline lanes_##name lanes_add_##name(lanes_##name a, lanes_##name b) { return a + b; } \
  static inline lanes_##name lanes_max_##name(lanes_##name a, lanes_##name b) {                 \
    return chosen_##name((mask_##name)((a > b) | (a != a)), a, b);                              \
  }                                                                                             \
  static inline lanes_##name lanes_min_##name(lanes_##name a, lanes_##name b) {                 \
    return chosen_##name((mask_##name)((a < b) | (a != a)), a, b);                              \
  }
EXTREMES(float32, float, int32_t)
EXTREMES(float64, double, int64_t)
EXTREMES(int64, int64_t, int64_t)
EXTREMES(int32, int32_t, int32_t)
EXTREMES(int16, int16_t, int16_t)
EXTREMES(int8, int8_t, int8_t)
EXTREMES(uint8, uint8_t, uint8_t)
EXTREMES(bool, uint8_t, uint8_t)

static inline float sign_float32(float x) { return (float)((x > 0.0f) - (x < 0.0f)); }
static inline double sign_float64(double x) { return (double)((x > 0.0) - (x < 0.0)); }

/* Products of matrices ---------------------------------------------------------------------------
   By the BLAS that NumPy loaded, one thread each; by plain loops where it has none. */

#ifdef BLAS_64
typedef int64_t blas_int;
#else
typedef int32_t blas_int;
#endif

#define GEMM(name, type, slot)                                                                  \
  typedef void (*name##_t)(int, int, int, blas_int, blas_int, blas_int, type, const type*,       \
                           blas_int, const type*, blas_int, type, type*, blas_int);              \
  APART void name(const program_t* p, int ta, int tb, long m, long n, long k, const type* a,    \
                   long lda, const type* b, long ldb, type beta, type* c, long ldc) {            \
    if (m <= 0 || n <= 0) return;                                                                \
    if (p->slot) {                                                                               \
      ((name##_t)p->slot)(101, ta ? 112 : 111, tb ? 112 : 111, (blas_int)m, (blas_int)n,         \
                          (blas_int)k, 1, a, (blas_int)lda, b, (blas_int)ldb, beta, c,           \
                          (blas_int)ldc);                                                        \
      return;                                                                                    \
    }                                                                                            \
    for (long i = 0; i < m; i++) {                                                               \
      for (long j = 0; j < n; j++) c[i * ldc + j] = beta ? c[i * ldc + j] : 0;                   \
      for (long l = 0; l < k; l++) {                                                             \
        const type x = ta ? a[l * lda + i] : a[i * lda + l];                                     \
        if (tb) for (long j = 0; j < n; j++) c[i * ldc + j] += x * b[j * ldb + l];               \
        else IVDEP for (long j = 0; j < n; j++) c[i * ldc + j] += x * b[l * ldb + j];            \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  /* The share of thread t: some rows, or some columns where there are more of them. */          \
  APART void name##_share(const program_t* p, int t, int T, int ta, int tb, long m, long n,     \
                           long k, const type* a, long lda, const type* b, long ldb, type beta,  \
                           type* c, long ldc) {                                                  \
    if (m >= n) {                                                                                \
      const long lo = share(m, 8, t, T), hi = share(m, 8, t + 1, T);                             \
      name(p, ta, tb, hi - lo, n, k, a + (ta ? lo : lo * lda), lda, b, ldb, beta, c + lo * ldc,  \
           ldc);                                                                                 \
    } else {                                                                                     \
      const long lo = share(n, 16, t, T), hi = share(n, 16, t + 1, T);                           \
      name(p, ta, tb, m, hi - lo, k, a, lda, b + (tb ? lo * ldb : lo), ldb, beta, c + lo, ldc);  \
    }                                                                                            \
  }
GEMM(gemm_float32, float, sgemm)
GEMM(gemm_float64, double, dgemm)
