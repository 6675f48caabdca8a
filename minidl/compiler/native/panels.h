/* A matrix that is met again and again -------------------------------------------------------------
   BLAS lays a matrix out anew for each product, which takes as long as multiplying a few rows by it.
   What many products of few rows meet, as the weights of every step of a sequence, is laid out once:
   in panels of WIDE columns, whose rows follow each other. A tile of results stays in registers
   while numbers of a few rows meet the rows of a panel. */

#if defined(__AVX512F__)
#define VECTOR 64
#define TILES(f) f(12) f(8) f(4) f(2) f(1)
#elif defined(__AVX__)
#define VECTOR 32
#define TILES(f) f(6) f(4) f(2) f(1)
#else
#define VECTOR 16
#define TILES(f) f(6) f(4) f(2) f(1)
#endif
#define LANES (VECTOR / 4)
#define WIDE (2 * LANES)

typedef float vector_t __attribute__((vector_size(VECTOR), aligned(4)));

/* Columns lo to hi of b, k rows, as panels; the last is filled up with zeros. */
APART void to_panels(const float* b, long down, long right, long k, long lo, long hi,
                     float* panels) {
  for (long j = lo; j < hi; j += WIDE)
    for (long l = 0; l < k; l++)
      for (long c = 0; c < WIDE; c++)
        panels[j * k + l * WIDE + c] = j + c < hi ? b[l * down + (j + c) * right] : 0.0f;
}

/* Some rows of results, as wide as a panel. */
#define TILE(ROWS)                                                                                \
  APART void tile_##ROWS(long k, const float* a, long down, long right, const float* panel,       \
                         float* z, long ldz) {                                                    \
    vector_t s[ROWS][2];                                                                          \
    for (int i = 0; i < ROWS; i++) s[i][0] = s[i][1] = (vector_t){0};                             \
    for (long l = 0; l < k; l++, panel += WIDE) {                                                 \
      const vector_t p = *(const vector_t*)panel, q = *(const vector_t*)(panel + LANES);          \
      for (int i = 0; i < ROWS; i++) {                                                            \
        const vector_t x = a[i * down + l * right] - (vector_t){0};                               \
        s[i][0] += x * p;                                                                         \
        s[i][1] += x * q;                                                                         \
      }                                                                                           \
    }                                                                                             \
    for (int i = 0; i < ROWS; i++) {                                                              \
      *(vector_t*)(z + i * ldz) = s[i][0];                                                        \
      *(vector_t*)(z + i * ldz + LANES) = s[i][1];                                                \
    }                                                                                             \
  }
TILES(TILE)

/* Columns lo to hi of c = a @ b: a has m rows, b lies in panels. */
APART void meet_panels(long m, long k, const float* a, long down, long right, const float* panels,
                       long lo, long hi, float* c, long ldc) {
  float edge[12 * WIDE] ALIGNED;
  for (long j = lo; j < hi; j += WIDE) {
    const long width = hi - j < WIDE ? hi - j : WIDE;
    long i = 0;
#define ROWS_OF(ROWS)                                                                             \
  for (; i + ROWS <= m; i += ROWS) {                                                              \
    const int whole = width == WIDE;                                                              \
    float* z = c + i * ldc + j;                                                                   \
    tile_##ROWS(k, a + i * down, down, right, panels + j * k, whole ? z : edge,                   \
                whole ? ldc : WIDE);                                                              \
    if (!whole)                                                                                   \
      for (int r = 0; r < ROWS; r++) memcpy(z + r * ldc, edge + r * WIDE, width * sizeof(float)); \
  }
    TILES(ROWS_OF)
  }
}
