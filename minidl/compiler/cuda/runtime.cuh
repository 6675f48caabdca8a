/* What every emitted CUDA program begins with: types, functions of one number, sums of many threads.

   A block has 256 threads. A team is 1 to 32 neighbours of one warp, or the whole block; it walks
   through a row together, thread by thread, and then joins what each has found. */

typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef long long int64_t;
struct complex64_t { float real, imag; };
struct complex128_t { double real, imag; };

#define INT64_C(x) x##LL
#define INT64_MAX 9223372036854775807LL
#define INT64_MIN (-INT64_MAX - 1)
#define INFINITY __int_as_float(0x7f800000)
#define NAN __int_as_float(0x7fffffff)
#define APART static __device__ __noinline__
#define THREADS 256

/* A value that takes statements to compute. */
#define RESULT(value, ...) ([&] { __VA_ARGS__ return value; }())

/* Halves: kept in 16 bits, computed with as float ------------------------------------------------- */

struct half_t {
  uint16_t bits;
  half_t() = default;
  __device__ explicit half_t(float x) { bits = half_of(x); }
  __device__ operator float() const { return float_of(bits); }
  static __device__ inline uint16_t half_of(float x) {
    uint16_t y;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x));
    return y;
  }
  static __device__ inline float float_of(uint16_t x) {
    float y;
    asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x));
    return y;
  }
};

struct brain_t { /* bfloat16: the upper half of a float, rounded to the nearest, to even */
  uint16_t bits;
  brain_t() = default;
  __device__ explicit brain_t(float x) {
#if __CUDA_ARCH__ >= 800
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x));
#else
    const unsigned all = __float_as_uint(x);
    bits = x != x ? 0x7fff : (uint16_t)((all + 0x7fff + (all >> 16 & 1)) >> 16);
#endif
  }
  __device__ operator float() const { return __uint_as_float((unsigned)bits << 16); }
};

/* Functions of one number, by the names that letters use ----------------------------------------- */

static __device__ inline float fast_exp(float x) { return expf(x); }
static __device__ inline float fast_expm1(float x) { return expm1f(x); }
static __device__ inline float fast_tanh(float x) { return tanhf(x); }
static __device__ inline float fast_log(float x) { return logf(x); }
/* Of halves, which keep so few digits that the shorter instruction loses none of them. */
static __device__ inline float quick_exp(float x) { return __expf(x); }
static __device__ inline float sign_float32(float x) { return (float)((x > 0.0f) - (x < 0.0f)); }
static __device__ inline float sign_float16(float x) { return sign_float32(x); }
static __device__ inline float sign_bfloat16(float x) { return sign_float32(x); }
static __device__ inline double sign_float64(double x) { return (double)((x > 0.0) - (x < 0.0)); }

/* The larger and the smaller of two numbers, nan if one is. */
#define EXTREMES(name, type)                                                                      \
  static __device__ inline type max_##name(type a, type b) { return (a > b) | (a != a) ? a : b; } \
  static __device__ inline type min_##name(type a, type b) { return (a < b) | (a != a) ? a : b; }
#if __CUDA_ARCH__ >= 800
static __device__ inline float max_float32(float a, float b) {
  float z;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(z) : "f"(a), "f"(b));
  return z;
}
static __device__ inline float min_float32(float a, float b) {
  float z;
  asm("min.NaN.f32 %0, %1, %2;" : "=f"(z) : "f"(a), "f"(b));
  return z;
}
#else
EXTREMES(float32, float)
#endif
EXTREMES(float16, float)
EXTREMES(bfloat16, float)
EXTREMES(float64, double)
EXTREMES(int64, int64_t)
EXTREMES(int32, int32_t)
EXTREMES(int16, int16_t)
EXTREMES(int8, int8_t)
EXTREMES(uint8, uint8_t)
EXTREMES(bool, uint8_t)

/* An index that counts from the end where it is negative; `status` says when it was out of range. */
static __device__ inline int64_t in_bounds(int64_t i, int64_t n, int* status) {
  if (i < 0) i += n;
  if (i < 0 || i >= n) {
    *status = 1;
    return 0;
  }
  return i;
}

/* Teams -------------------------------------------------------------------------------------------- */

/* The number that the thread `distance` away has, within a team of one warp. */
template <class T> static __device__ inline T other(T x, int distance, unsigned team) {
  return __shfl_xor_sync(team, x, distance);
}
static __device__ inline uint8_t other(uint8_t x, int distance, unsigned team) {
  return (uint8_t)__shfl_xor_sync(team, (int)x, distance);
}
static __device__ inline int8_t other(int8_t x, int distance, unsigned team) {
  return (int8_t)__shfl_xor_sync(team, (int)x, distance);
}
static __device__ inline int16_t other(int16_t x, int distance, unsigned team) {
  return (int16_t)__shfl_xor_sync(team, (int)x, distance);
}

/* What all threads of a team have found, joined; every one of them gets it. */
template <int SIZE, class T, class Join> static __device__ inline T of_team(T x, Join join) {
  const int width = SIZE < 32 ? SIZE : 32;
  const unsigned all = 0xffffffffu >> (32 - width);
  const unsigned team = all << (threadIdx.x % 32 / width * width);
  for (int distance = width / 2; distance; distance /= 2) x = join(x, other(x, distance, team));
  if (SIZE <= 32) return x;
  __shared__ T found[THREADS / 32];
  __syncthreads();
  if (threadIdx.x % 32 == 0) found[threadIdx.x / 32] = x;
  __syncthreads();
  x = found[0];
  for (int warp = 1; warp < THREADS / 32; warp++) x = join(x, found[warp]);
  return x;
}

/* A block seen as THREADS / ACROSS rows of ACROSS threads: each column joined, for the first row. */
template <int ACROSS, class T, class Join> static __device__ inline T of_column(T x, Join join) {
  __shared__ T found[THREADS];
  __syncthreads();
  found[threadIdx.x] = x;
  __syncthreads();
  for (int rows = THREADS / ACROSS / 2; rows; rows /= 2) {
    if (threadIdx.x < rows * ACROSS)
      found[threadIdx.x] = join(found[threadIdx.x], found[threadIdx.x + rows * ACROSS]);
    __syncthreads();
  }
  return found[threadIdx.x % ACROSS];
}

/* Whether this block is the last of `blocks` to come here; what the others wrote is seen then. */
static __device__ inline bool last_of(unsigned* count, unsigned blocks) {
  __shared__ bool last;
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) last = atomicAdd(count, 1u) == blocks - 1;
  __syncthreads();
  if (last && threadIdx.x == 0) *count = 0;
  __threadfence();
  return last;
}

/* Numbers that are added to places which several threads may meet. */
static __device__ inline void add_to(float* z, float x) { atomicAdd(z, x); }
static __device__ inline void add_to(double* z, double x) { atomicAdd(z, x); }
static __device__ inline void add_to(int32_t* z, int32_t x) { atomicAdd(z, x); }
static __device__ inline void add_to(int64_t* z, int64_t x) {
  atomicAdd((unsigned long long*)z, (unsigned long long)x);
}
template <class T> static __device__ inline void add_to(T* z, T x) { /* of one or two bytes */
  unsigned* word = (unsigned*)((size_t)z & ~(size_t)3);
  const unsigned shift = ((size_t)z & 3) * 8, mask = (sizeof(T) == 1 ? 0xffu : 0xffffu) << shift;
  unsigned seen = *word, old;
  do {
    old = seen;
    const T sum = (T)((T)((old & mask) >> shift) + x);
    seen = atomicCAS(word, old, (old & ~mask) | (((unsigned)sum << shift) & mask));
  } while (seen != old);
}

/* Small products of matrices ----------------------------------------------------------------------- */

/* ROWS rows of 32 results of z = a b: each warp takes an eighth of the terms. */
template <int ROWS, class S, class T>
static __device__ inline void multiply(const T* a, const T* b, T* z, int tile, int m, int n, int k,
                                       int a_down, int a_right, int b_down, int b_right, int z_down,
                                       int z_right) {
  const int warps = THREADS / 32, lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int across = (n + 31) / 32, row = tile / across * ROWS, left = tile % across * 32;
  const int column = left + lane < n ? left + lane : n - 1;
  const int share = (k + warps - 1) / warps, end = (warp + 1) * share < k ? (warp + 1) * share : k;
  S sums[ROWS];
  const T* x[ROWS];
#pragma unroll
  for (int r = 0; r < ROWS; r++) {
    sums[r] = 0;
    x[r] = a + (row + r < m ? row + r : m - 1) * a_down;
  }
  const T* y = b + column * b_right;
#pragma unroll 8
  for (int i = warp * share; i < end; i++) {
    const S factor = y[i * b_down];
#pragma unroll
    for (int r = 0; r < ROWS; r++) sums[r] += (S)x[r][i * a_right] * factor;
  }
  __shared__ S found[THREADS / 32][ROWS][32];
#pragma unroll
  for (int r = 0; r < ROWS; r++) found[warp][r][lane] = sums[r];
  __syncthreads();
  for (int r = warp; r < ROWS; r += warps) {
    S sum = 0;
#pragma unroll
    for (int w = 0; w < warps; w++) sum += found[w][r][lane];
    if (row + r < m && left + lane < n) z[(row + r) * z_down + (left + lane) * z_right] = (T)sum;
  }
  __syncthreads();
}

/* Memory ------------------------------------------------------------------------------------------- */

APART void zeros(void* z, int64_t bytes, int block, int blocks) {
  const int64_t first = (int64_t)block * THREADS + threadIdx.x, step = (int64_t)blocks * THREADS;
  for (int64_t c = first; c < bytes / 4; c += step) ((int*)z)[c] = 0;
  for (int64_t c = bytes / 4 * 4 + first; c < bytes; c += step) ((char*)z)[c] = 0;
}

template <class T>
static __device__ inline void moved(T* z, const T* x, int64_t size, int block, int blocks) {
  const int64_t first = (int64_t)block * THREADS + threadIdx.x, step = (int64_t)blocks * THREADS;
  for (int64_t c = first; c < size; c += step) z[c] = x[c];
}
