/* A matrix that is met again and again -------------------------------------------------------------
   BLAS lays a matrix out anew for each product, which takes as long as multiplying a few rows by it.
   What many products of few rows meet, as the weights of every step of a sequence, is laid out once:
   in panels of WIDE columns, whose rows follow each other. A tile of results stays in registers
   while numbers of a few rows meet the rows of a panel. NUMBER and KIND stand for a type. */

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
#define LANES_KIND ((long)(VECTOR / sizeof(NUMBER)))
#define WIDE_KIND (2 * LANES_KIND)

typedef NUMBER vector_KIND __attribute__((vector_size(VECTOR), aligned(sizeof(NUMBER))));

/* Columns lo to hi of b, k rows, as panels; the last is filled up with zeros. */
APART void to_panels_KIND(const NUMBER* b, long down, long right, long k, long lo, long hi,
                          NUMBER* panels) {
  for (long j = lo; j < hi; j += WIDE_KIND)
    for (long l = 0; l < k; l++)
      for (long c = 0; c < WIDE_KIND; c++)
        panels[j * k + l * WIDE_KIND + c] = j + c < hi ? b[l * down + (j + c) * right] : 0;
}

/* Some rows of results, as wide as a panel. */
#define TILE_KIND(ROWS)                                                                           \
  APART void tile_KIND_##ROWS(long k, const NUMBER* a, long down, long right,                     \
                              const NUMBER* panel, NUMBER* z, long ldz) {                         \
    vector_KIND s[ROWS][2];                                                                       \
    for (int i = 0; i < ROWS; i++) s[i][0] = s[i][1] = (vector_KIND){0};                          \
    for (long l = 0; l < k; l++, panel += WIDE_KIND) {                                            \
      const vector_KIND p = *(const vector_KIND*)panel;                                           \
      const vector_KIND q = *(const vector_KIND*)(panel + LANES_KIND);                            \
      for (int i = 0; i < ROWS; i++) {                                                            \
        const vector_KIND x = a[i * down + l * right] - (vector_KIND){0};                         \
        s[i][0] += x * p;                                                                         \
        s[i][1] += x * q;                                                                         \
      }                                                                                           \
    }                                                                                             \
    for (int i = 0; i < ROWS; i++) {                                                              \
      *(vector_KIND*)(z + i * ldz) = s[i][0];                                                     \
      *(vector_KIND*)(z + i * ldz + LANES_KIND) = s[i][1];                                        \
    }                                                                                             \
  }
TILES(TILE_KIND)

/* Columns lo to hi of c = a @ b: a has m rows, b lies in panels. */
APART void meet_panels_KIND(long m, long k, const NUMBER* a, long down, long right,
                            const NUMBER* panels, long lo, long hi, NUMBER* c, long ldc) {
  NUMBER edge[12 * WIDE_KIND] ALIGNED;
  for (long j = lo; j < hi; j += WIDE_KIND) {
    const long width = hi - j < WIDE_KIND ? hi - j : WIDE_KIND;
    long i = 0;
#define ROWS_OF_KIND(ROWS)                                                                        \
  for (; i + ROWS <= m; i += ROWS) {                                                              \
    const int whole = width == WIDE_KIND;                                                         \
    NUMBER* z = c + i * ldc + j;                                                                  \
    tile_KIND_##ROWS(k, a + i * down, down, right, panels + j * k, whole ? z : edge,              \
                whole ? ldc : WIDE_KIND);                                                         \
    if (!whole)                                                                                   \
      for (int r = 0; r < ROWS; r++)                                                              \
        memcpy(z + r * ldc, edge + r * WIDE_KIND, width * sizeof(NUMBER));                        \
  }
    TILES(ROWS_OF_KIND)
  }
}
