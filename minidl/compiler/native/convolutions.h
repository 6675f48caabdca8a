/* Convolutions ------------------------------------------------------------------------------------
   One sample at a time: its windows are written as columns, (C KH KW, OH OW), and meet the kernels
   in one product. Zeros beyond the border are seen, never stored. G groups of channels. */

typedef struct {
  long N, C, H, W, O, KH, KW, OH, OW, SH, SW, DH, DW, PH, PW, G, GROUP;
} conv_t;

/* How many windows of a row begin before its end, for a place that begins at `left`. */
static inline long seen_until(const conv_t* s, long left) {
  const long to = s->W - left <= 0 ? 0 : (s->W - left - 1) / s->SW + 1;
  return to > s->OW ? s->OW : to;
}

/* columns of one sample and group: x (C / G, H, W) -> (C / G, KH, KW, OH, OW) */
static void to_columns(const conv_t* s, const float* x, float* columns) {
  for (long c = 0; c < s->C / s->G; c++)
    for (long i = 0; i < s->KH; i++)
      for (long j = 0; j < s->KW; j++) {
        const long left = j * s->DW - s->PW, to = seen_until(s, left);
        long from = left < 0 ? (-left + s->SW - 1) / s->SW : 0;
        from = from > to ? to : from;
        for (long h = 0; h < s->OH; h++, columns += s->OW) {
          const long row = h * s->SH + i * s->DH - s->PH;
          if (row < 0 || row >= s->H) {
            memset(columns, 0, s->OW * sizeof(float));
            continue;
          }
          const float* line = x + (c * s->H + row) * s->W + left;
          for (long w = 0; w < from; w++) columns[w] = 0.0f;
          if (s->SW == 1) memcpy(columns + from, line + from, (to - from) * sizeof(float));
          else for (long w = from; w < to; w++) columns[w] = line[w * s->SW];
          for (long w = to; w < s->OW; w++) columns[w] = 0.0f;
        }
      }
}

/* the adjoint: columns are added up where they were taken from, in zeros */
static void from_columns(const conv_t* s, const float* columns, float* x) {
  memset(x, 0, s->C / s->G * s->H * s->W * sizeof(float));
  for (long c = 0; c < s->C / s->G; c++)
    for (long i = 0; i < s->KH; i++)
      for (long j = 0; j < s->KW; j++) {
        const long left = j * s->DW - s->PW, to = seen_until(s, left);
        long from = left < 0 ? (-left + s->SW - 1) / s->SW : 0;
        for (long h = 0; h < s->OH; h++, columns += s->OW) {
          const long row = h * s->SH + i * s->DH - s->PH;
          if (row < 0 || row >= s->H) continue;
          float* line = x + (c * s->H + row) * s->W + left;
          if (s->SW == 1) { IVDEP for (long w = from; w < to; w++) line[w] += columns[w]; }
          else { IVDEP for (long w = from; w < to; w++) line[w * s->SW] += columns[w]; }
        }
      }
}

/* z (N, O, OH, OW) from x (N, C, H, W), w (O, C / G, KH, KW), b (O) or none */
APART void conv(const program_t* p, int t, int T, const conv_t* s, const float* x, const float* w,
                 const float* b, float* z, float* scratch) {
  const long depth = s->C / s->G * s->KH * s->KW, places = s->OH * s->OW, outs = s->O / s->G;
  float* columns = scratch + t * depth * places;
  for (long n = share(s->N, 1, t, T); n < share(s->N, 1, t + 1, T); n++)
    for (long g = 0; g < s->G; g++) {
      float* out = z + (n * s->O + g * outs) * places;
      if (b)
        for (long o = 0; o < outs; o++)
          for (long i = 0; i < places; i++) out[o * places + i] = b[g * outs + o];
      to_columns(s, x + (n * s->C + g * (s->C / s->G)) * s->H * s->W, columns);
      gemm_float32(p, 0, 0, outs, places, depth, w + g * outs * depth, depth, columns, places,
                   b ? 1.0f : 0.0f, out, places);
    }
}

/* x (N, C, H, W) from g (N, O, OH, OW) and w: the adjoint of conv towards x */
APART void conv_transpose(const program_t* p, int t, int T, const conv_t* s, const float* gz,
                           const float* w, float* x, float* scratch) {
  const long depth = s->C / s->G * s->KH * s->KW, places = s->OH * s->OW, outs = s->O / s->G;
  float* columns = scratch + t * depth * places;
  for (long n = share(s->N, 1, t, T); n < share(s->N, 1, t + 1, T); n++)
    for (long g = 0; g < s->G; g++) {
      gemm_float32(p, 1, 0, depth, places, outs, w + g * outs * depth, depth,
                   gz + (n * s->O + g * outs) * places, places, 0.0f, columns, places);
      from_columns(s, columns, x + (n * s->C + g * (s->C / s->G)) * s->H * s->W);
    }
}

/* w (O, C / G, KH, KW), summed over samples in a part for each thread: the adjoint towards w. Parts
   are (G, C / G KH KW, O / G): so the larger matrix comes first, which BLAS likes best. */
APART void conv_weight(const program_t* p, int t, int T, const conv_t* s, const float* x,
                        const float* gz, float* parts, float* scratch) {
  const long depth = s->C / s->G * s->KH * s->KW, places = s->OH * s->OW, outs = s->O / s->G;
  float* columns = scratch + t * depth * places;
  float* w = parts + t * s->O * depth;
  const long first = share(s->N, 1, t, T);
  memset(w, 0, s->O * depth * sizeof(float));
  for (long n = first; n < share(s->N, 1, t + 1, T); n++)
    for (long g = 0; g < s->G; g++) {
      to_columns(s, x + (n * s->C + g * (s->C / s->G)) * s->H * s->W, columns);
      gemm_float32(p, 0, 1, depth, outs, places, columns, places,
                   gz + (n * s->O + g * outs) * places, places, 1.0f, w + g * outs * depth, outs);
    }
}

/* the sum of those parts, in the order of w */
APART void sum_of_conv_weight(const conv_t* s, const float* parts, int T, float* w) {
  const long depth = s->C / s->G * s->KH * s->KW, outs = s->O / s->G, size = s->O * depth;
  for (long g = 0; g < s->G; g++)
    for (long o = 0; o < outs; o++)
      for (long d = 0; d < depth; d++) {
        float sum = 0.0f;
        for (int t = 0; t < T; t++) sum += parts[t * size + (g * depth + d) * outs + o];
        *w++ = sum;
      }
}

/* Without columns ---------------------------------------------------------------------------------
   Where images are wide enough, pixels meet weights where they lie: eight neighbours at a time, for
   several channels at once, so that each number loaded is used several times. */

typedef float eight __attribute__((vector_size(32), aligned(4)));
#ifdef __AVX512VL__
#define BLOCK 8 /* channels at once: with three times eight pixels, all that registers hold */
#else
#define BLOCK 4
#endif

/* A sample's planes (count, H, W) among zeros: (count, HP, WP), shifted by top and left. */
static void among_zeros(const float* x, long count, long H, long W, float* out, long HP, long WP,
                        long top, long left) {
  memset(out, 0, count * HP * WP * sizeof(float));
  const long rows = HP - top < H ? HP - top : H, columns = WP - left < W ? WP - left : W;
  for (long c = 0; c < count; c++)
    for (long h = 0; h < rows; h++)
      memcpy(out + (c * HP + h + top) * WP + left, x + (c * H + h) * W, columns * sizeof(float));
}

/* BLOCK planes of results for three times eight pixels, which begin at a, b, c. */
static inline void meet(const float* x, const float* w, long depth, long KH, long KW, long plane,
                        long down, long right, const float* bias, float* z, long places, long a,
                        long b, long c, long to_a, long to_b, long to_c) {
  eight s[BLOCK][3];
#pragma GCC unroll 8
  for (int o = 0; o < BLOCK; o++) {
    const eight start = (eight){0} + (bias ? bias[o] : 0.0f);
    s[o][0] = s[o][1] = s[o][2] = start;
  }
  for (long d = 0; d < depth; d++, x += plane)
    for (long i = 0; i < KH; i++) {
      const float* line = x + i * down;
      for (long j = 0; j < KW; j++, line += right, w += BLOCK) {
        const eight p = *(const eight*)(line + a), q = *(const eight*)(line + b),
                    r = *(const eight*)(line + c);
#pragma GCC unroll 8
        for (int o = 0; o < BLOCK; o++) {
          s[o][0] += w[o] * p;
          s[o][1] += w[o] * q;
          s[o][2] += w[o] * r;
        }
      }
    }
#pragma GCC unroll 8
  for (int o = 0; o < BLOCK; o++) {
    *(eight*)(z + o * places + to_a) = s[o][0];
    *(eight*)(z + o * places + to_b) = s[o][1];
    *(eight*)(z + o * places + to_c) = s[o][2];
  }
}

/* All planes of one sample; w is (outs / BLOCK, depth, KH, KW, BLOCK). */
static void meet_all(const float* x, const float* w, const float* bias, float* z, long outs,
                     long depth, long KH, long KW, long HP, long WP, long OH, long OW, long SH,
                     long DH, long DW) {
  const long wide = (OW + 7) / 8, count = OH * wide;
  for (long o = 0; o < outs; o += BLOCK)
    for (long v = 0; v < count; v += 3) {
      long from[3], to[3];
      for (int k = 0; k < 3; k++) { /* the last eight of a row may lie over the ones before */
        const long u = v + k < count ? v + k : count - 1, h = u / wide;
        const long left = (u % wide) * 8 + 8 > OW ? OW - 8 : (u % wide) * 8;
        from[k] = h * SH * WP + left;
        to[k] = h * OW + left;
      }
      meet(x, w + o * depth * KH * KW, depth, KH, KW, HP * WP, DH * WP, DW, bias ? bias + o : 0,
           z + o * OH * OW, OH * OW, from[0], from[1], from[2], to[0], to[1], to[2]);
    }
}

/* as conv, for one group, steps of 1 along a row, OW >= 8, O a multiple of 8 */
APART void direct_conv(const program_t* p, int t, int T, const conv_t* s, const float* x,
                       const float* w, const float* b, float* z, float* scratch) {
  const long taps = s->KH * s->KW;
  long HP = (s->OH - 1) * s->SH + (s->KH - 1) * s->DH + 1; /* what all windows cover */
  long WP = s->OW + (s->KW - 1) * s->DW;
  const long each = s->O * s->C * taps + s->C * HP * WP + 64;
  float *packed = scratch + t * each, *image = packed + s->O * s->C * taps;
  const int within = !s->PH && !s->PW && HP <= s->H && WP <= s->W; /* they see no zeros */
  if (within) HP = s->H, WP = s->W;
  for (long o = 0; o < s->O; o++)
    for (long k = 0; k < s->C * taps; k++)
      packed[(o / BLOCK * s->C * taps + k) * BLOCK + o % BLOCK] = w[o * s->C * taps + k];
  for (long n = share(s->N, 1, t, T); n < share(s->N, 1, t + 1, T); n++) {
    const float* one = x + n * s->C * s->H * s->W;
    if (!within) {
      among_zeros(one, s->C, s->H, s->W, image, HP, WP, s->PH, s->PW);
      one = image;
    }
    meet_all(one, packed, b, z + n * s->O * s->OH * s->OW, s->O, s->C, s->KH, s->KW, HP, WP, s->OH,
             s->OW, s->SH, s->DH, s->DW);
  }
}

/* as conv_transpose, for steps of 1, W >= 8, C a multiple of 8: a convolution with turned kernels */
APART void direct_conv_transpose(const program_t* p, int t, int T, const conv_t* s,
                                 const float* gz, const float* w, float* x, float* scratch) {
  const long HP = s->H + (s->KH - 1) * s->DH, WP = s->W + (s->KW - 1) * s->DW;
  const long taps = s->KH * s->KW, each = s->O * s->C * taps + s->O * HP * WP + 64;
  float *packed = scratch + t * each, *image = packed + s->O * s->C * taps;
  for (long o = 0; o < s->O; o++)
    for (long c = 0; c < s->C; c++)
      for (long k = 0; k < taps; k++)
        packed[((c / BLOCK * s->O + o) * taps + taps - 1 - k) * BLOCK + c % BLOCK] =
            w[(o * s->C + c) * taps + k];
  for (long n = share(s->N, 1, t, T); n < share(s->N, 1, t + 1, T); n++) {
    among_zeros(gz + n * s->O * s->OH * s->OW, s->O, s->OH, s->OW, image, HP, WP,
                (s->KH - 1) * s->DH - s->PH, (s->KW - 1) * s->DW - s->PW);
    meet_all(image, packed, 0, x + n * s->C * s->H * s->W, s->C, s->O, s->KH, s->KW, HP, WP, s->H,
             s->W, 1, s->DH, s->DW);
  }
}

static inline float sum_of_eight(eight v) {
  return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}

/* BLOCK planes of g against one of x, for the places of one row of a kernel: KW <= 3. */
#define WEIGH(KW)                                                                              \
  static void weigh_##KW(const float* x, const float* g, long samples, long far_x, long far_g,  \
                         long plane, long rows, long wide, long WP, long OWP, long right,       \
                         float* w, long apart) {                                                \
    eight s[BLOCK][KW];                                                                         \
    for (int o = 0; o < BLOCK; o++)                                                                 \
      for (int j = 0; j < KW; j++) s[o][j] = (eight){0};                                        \
    for (long n = 0; n < samples; n++)                                                          \
      for (long h = 0; h < rows; h++) {                                                         \
        const float *line = x + n * far_x + h * WP, *other = g + n * far_g + h * OWP;           \
        for (long c = 0; c < wide; c += 8) {                                                    \
          eight seen[KW];                                                                       \
          for (int j = 0; j < KW; j++) seen[j] = *(const eight*)(line + c + j * right);         \
          for (int o = 0; o < BLOCK; o++) {                                                         \
            const eight y = *(const eight*)(other + o * plane + c);                             \
            for (int j = 0; j < KW; j++) s[o][j] += y * seen[j];                                \
          }                                                                                     \
        }                                                                                       \
      }                                                                                         \
    for (int o = 0; o < BLOCK; o++)                                                                 \
      for (int j = 0; j < KW; j++) w[o * apart + j] += sum_of_eight(s[o][j]);                   \
  }
WEIGH(1)
WEIGH(2)
WEIGH(3)

APART void sum_of_direct_conv_weight(const conv_t* s, const float* parts, int T, float* w) {
  const long size = s->O * s->C / s->G * s->KH * s->KW;
  for (long i = 0; i < size; i++) {
    w[i] = parts[i];
    for (int t = 1; t < T; t++) w[i] += parts[t * size + i];
  }
}

/* as conv_weight, for one group, steps of 1 along a row, KW <= 3, O a multiple of 8. Several
   samples are laid out at once, so that the sums of eight lanes are made seldom. */
APART void direct_conv_weight(const program_t* p, int t, int T, const conv_t* s, const float* x,
                              const float* gz, float* parts, float* scratch) {
  const long OWP = (s->OW + 7) / 8 * 8, WP = OWP + (s->KW - 1) * s->DW;
  const long HP = (s->OH - 1) * s->SH + (s->KH - 1) * s->DH + 1, taps = s->KH * s->KW;
  const long far_x = s->C * HP * WP, far_g = s->O * s->OH * OWP, group = s->GROUP;
  float *images = scratch + t * (group * (far_x + far_g) + 64), *other = images + group * far_x;
  float* w = parts + t * s->O * s->C * taps;
  memset(w, 0, s->O * s->C * taps * sizeof(float));
  const long last = share(s->N, 1, t + 1, T);
  for (long n = share(s->N, 1, t, T); n < last; n += group) {
    const long samples = last - n < group ? last - n : group;
    for (long m = 0; m < samples; m++) {
      among_zeros(x + (n + m) * s->C * s->H * s->W, s->C, s->H, s->W, images + m * far_x, HP, WP,
                  s->PH, s->PW);
      among_zeros(gz + (n + m) * s->O * s->OH * s->OW, s->O, s->OH, s->OW, other + m * far_g,
                  s->OH, OWP, 0, 0);
    }
    for (long o = 0; o < s->O; o += BLOCK)
      for (long c = 0; c < s->C; c++)
        for (long i = 0; i < s->KH; i++) {
          const float *from = images + (c * HP + i * s->DH) * WP, *g = other + o * s->OH * OWP;
          float* to = w + (o * s->C + c) * taps + i * s->KW;
          (s->KW == 1 ? weigh_1 : s->KW == 2 ? weigh_2 : weigh_3)(
              from, g, samples, far_x, far_g, s->OH * OWP, s->OH, OWP, s->SH * WP, OWP, s->DW, to,
              s->C * taps);
        }
  }
}
