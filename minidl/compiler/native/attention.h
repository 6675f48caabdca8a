/* Attention ----------------------------------------------------------------------------------------
   One head at a time, of it some queries at a time: their weights never leave the processor's cache,
   and none are computed for keys that none of them may ask. On the way back they are found again.
   Rows of the matrices q (L, d), k (S, d), v (S, m), z and g (L, m) may lie apart; those of the
   gradients follow each other. */

typedef struct {
  long L, S, d, m;
  long q, k, v, z, g; /* how far the rows of each lie apart */
  long chunk, wide;   /* queries at a time; how far the rows of their weights lie apart */
  int causal;
  float scale;
} attention_t;

typedef float sixteen __attribute__((vector_size(64), aligned(4)));
typedef float four __attribute__((vector_size(16)));

/* The sum of sixteen numbers, and the largest; where one is nan, any. */
static inline float total(lanes_float32 x) {
  const four a = ((four*)&x)[0] + ((four*)&x)[1], b = ((four*)&x)[2] + ((four*)&x)[3], c = a + b;
  return (c[0] + c[2]) + (c[1] + c[3]);
}

static inline float larger(float a, float b) { return a > b ? a : b; }

static inline float largest(const float* x) {
  float y[4];
  for (int j = 0; j < 4; j++) y[j] = larger(larger(x[j], x[j + 4]), larger(x[j + 8], x[j + 12]));
  return larger(larger(y[0], y[1]), larger(y[2], y[3]));
}

static inline float dot(const float* a, const float* b, long n) {
  lanes_float32 sum = {0};
  long i = 0;
  for (; i + 16 <= n; i += 16) sum += *(const sixteen*)(a + i) * *(const sixteen*)(b + i);
  float z = total(sum);
  for (; i < n; i++) z += a[i] * b[i];
  return z;
}

/* How many keys the queries before `end` may ask. */
static inline long asked_until(const attention_t* s, long end) {
  return s->causal && end < s->S ? end : s->S;
}

/* x (n, d), whose rows lie `apart`, turned: z (d, n), whose rows lie `wide` apart */
static void turn(const float* x, long apart, long n, long d, float* z, long wide) {
  for (long c = 0; c < n; c++)
    for (long i = 0; i < d; i++) z[i * wide + c] = x[c * apart + i];
}

/* w = softmax(scale q k^T) for queries from..to; 0 for keys that a query may not ask. `scaled` has
   room for those queries. */
static void weigh_keys(const program_t* p, const attention_t* s, const float* q,
                       const float* turned_k, long from, long to, float* scaled, float* w) {
  const long seen = asked_until(s, to);
  for (long r = from; r < to; r++)
    IVDEP for (long i = 0; i < s->d; i++)
      scaled[(r - from) * s->d + i] = q[r * s->q + i] * s->scale;
  gemm_float32(p, 0, 0, to - from, seen, s->d, scaled, s->d, turned_k, s->wide, 0, w, s->wide);
  for (long r = from; r < to; r++, w += s->wide) {
    const long n = asked_until(s, r + 1), end = (n + 15) / 16 * 16;
    for (long c = n; c < end; c++) w[c] = -INFINITY;
    float most[16];
    for (int j = 0; j < 16; j++) most[j] = w[j];
    for (long c = 16; c < end; c += 16)
      for (int j = 0; j < 16; j++) most[j] = larger(most[j], w[c + j]);
    const float top = largest(most);
    lanes_float32 sum = {0};
    for (long c = 0; c < end; c += 16) {
      for (int j = 0; j < 16; j++) w[c + j] = fast_exp(w[c + j] - top);
      sum += *(sixteen*)(w + c);
    }
    const float by = 1.0f / total(sum);
    for (long c = 0; c < end; c += 16)
      for (int j = 0; j < 16; j++) w[c + j] *= by;
    if (end < seen) memset(w + end, 0, (seen - end) * sizeof(float));
  }
}

/* z = weights v, for one head */
APART void attention(const program_t* p, const attention_t* s, const float* q, const float* k,
                     const float* v, float* z, float* scratch) {
  float *w = scratch, *turned_k = w + s->chunk * s->wide, *scaled = turned_k + s->d * s->wide;
  turn(k, s->k, s->S, s->d, turned_k, s->wide);
  for (long from = 0; from < s->L; from += s->chunk) {
    const long to = from + s->chunk < s->L ? from + s->chunk : s->L;
    weigh_keys(p, s, q, turned_k, from, to, scaled, w);
    gemm_float32(p, 0, 0, to - from, s->m, asked_until(s, to), w, s->wide, v, s->v, 0,
                 z + from * s->z, s->z);
  }
}

/* dL/dq, dL/dk and dL/dv, for one head; the last queries come first, since they ask all keys that
   any query asks */
APART void attention_slopes(const program_t* p, const attention_t* s, const float* g,
                            const float* z, const float* q, const float* k, const float* v,
                            float* dq, float* dk, float* dv, float* scratch) {
  float *w = scratch, *slopes = w + s->chunk * s->wide, *turned_k = slopes + s->chunk * s->wide;
  float *turned_v = turned_k + s->d * s->wide, *scaled = turned_v + s->m * s->wide;
  const long d = s->d, m = s->m, asked = asked_until(s, s->L);
  turn(k, s->k, s->S, d, turned_k, s->wide);
  turn(v, s->v, s->S, m, turned_v, s->wide);
  for (long from = (s->L - 1) / s->chunk * s->chunk; from >= 0; from -= s->chunk) {
    const long to = from + s->chunk < s->L ? from + s->chunk : s->L, count = to - from;
    const long seen = asked_until(s, to);
    const float add = to == s->L ? 0.0f : 1.0f, *up = g + from * s->g;
    weigh_keys(p, s, q, turned_k, from, to, scaled, w);
    gemm_float32(p, 0, 0, count, seen, m, up, s->g, turned_v, s->wide, 0, slopes, s->wide);
    for (long r = 0; r < count; r++) {
      const float share = dot(up + r * s->g, z + (from + r) * s->z, m);
      float *row = slopes + r * s->wide, *weight = w + r * s->wide;
      IVDEP for (long c = 0; c < seen; c++) row[c] = (row[c] - share) * weight[c] * s->scale;
    }
    gemm_float32(p, 0, 0, count, d, seen, slopes, s->wide, k, s->k, 0, dq + from * d, d);
    gemm_float32(p, 1, 0, seen, d, count, slopes, s->wide, q + from * s->q, s->q, add, dk, d);
    gemm_float32(p, 1, 0, seen, m, count, w, s->wide, up, s->g, add, dv, m);
  }
  memset(dk + asked * d, 0, (s->S - asked) * d * sizeof(float));
  memset(dv + asked * m, 0, (s->S - asked) * m * sizeof(float));
}
