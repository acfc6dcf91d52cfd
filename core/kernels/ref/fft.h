/* SPDX-License-Identifier: MIT
 *
 * fft.h: the fast Fourier transform of TFLM's signal operators, rounding for rounding that of kissfft:
 * decimation in time by stages of radix 4, 2, 3, 5 and any other prime. On integers each stage divides by its
 * radix.
 *
 * MDG_FFT makes the transform of one type: fft is the name, cx the complex type {re, im} of two scalars; sums
 * and products are formed in `wide`, round() brings products back, share(k) is 1/k as a factor, half()
 * divides by 2. MDG_RFFT_KERNEL and MDG_IRFFT_KERNEL make the kernels of it.
 *
 * Tables come from the lowering: w[k] = e^(-2 pi i k / n) for n complex points, and split[k - 1] =
 * e^(-pi i (k / n + 1/2)) for the step between n complex points and the n + 1 bins of 2n real ones; in the
 * inverse the conjugates.
 */
#ifndef MDG_REF_FFT_H
#define MDG_REF_FFT_H

#include "midge/kernel.h"

/* Of n points, each radix * m neighbours become one transform, from `radix` transforms of m points. */
typedef struct mdg_fft_stage {
    int32_t n, radix, m;
    int32_t stride; /* of twiddles: n / (radix * m) */
    int32_t inverse;
} mdg_fft_stage;

/* The order in which the first stage wants the points: counting with the digits in reverse */
typedef struct mdg_fft_order {
    int32_t at;
    int32_t digit[16]; /* one for each of mdg_fft_params.radix */
} mdg_fft_order;

/* Returns the index of the next point. */
static inline int32_t mdg_fft_next(mdg_fft_order *o, const mdg_fft_params *p) {
    const int32_t at = o->at;
    int32_t step = p->points;
    for (int32_t i = p->stages - 1; i >= 0; i--) {
        step /= p->radix[i];
        o->at += step;
        if (++o->digit[i] < p->radix[i]) break;
        o->at -= step * p->radix[i];
        o->digit[i] = 0;
    }
    return at;
}

#define MDG_FFT(fft, cx, scalar, wide, round, share, half)                                                   \
    MDG_FFT_ARITHMETIC(fft, cx, scalar, wide, round, share)                                                  \
    MDG_FFT_BUTTERFLIES(fft, cx, share)                                                                      \
    MDG_FFT_BUTTERFLY3(fft, cx, half)                                                                        \
    MDG_FFT_BUTTERFLY5(fft, cx)                                                                              \
    MDG_FFT_TRANSFORM(fft, cx)

#define MDG_FFT_ARITHMETIC(fft, cx, scalar, wide, round, share)                                              \
    static inline cx mdg_##fft##_add(cx a, cx b) {                                                           \
        const cx y = {(scalar)((wide)a.re + (wide)b.re), (scalar)((wide)a.im + (wide)b.im)};                 \
        return y;                                                                                            \
    }                                                                                                        \
    static inline cx mdg_##fft##_sub(cx a, cx b) {                                                           \
        const cx y = {(scalar)((wide)a.re - (wide)b.re), (scalar)((wide)a.im - (wide)b.im)};                 \
        return y;                                                                                            \
    }                                                                                                        \
    static inline cx mdg_##fft##_mul(cx a, cx b) {                                                           \
        const cx y = {round((wide)a.re * (wide)b.re - (wide)a.im * (wide)b.im),                              \
                      round((wide)a.re * (wide)b.im + (wide)a.im * (wide)b.re)};                             \
        return y;                                                                                            \
    }                                                                                                        \
    static inline cx mdg_##fft##_scale(cx a, scalar factor) {                                                \
        const cx y = {round((wide)a.re * (wide)factor), round((wide)a.im * (wide)factor)};                   \
        return y;                                                                                            \
    }                                                                                                        \
    /* times i */                                                                                            \
    static inline cx mdg_##fft##_turn(cx a) {                                                                \
        const cx y = {(scalar)(-(wide)a.im), a.re};                                                          \
        return y;                                                                                            \
    }                                                                                                        \
    static inline cx mdg_##fft##_conjugate(cx a) {                                                           \
        const cx y = {a.re, (scalar)(-(wide)a.im)};                                                          \
        return y;                                                                                            \
    }                                                                                                        \
    /* What transform j brings to the sums of point k: its share, turned by its twiddle */                   \
    static inline cx mdg_##fft##_leg(const mdg_fft_stage *s, const cx *z, const cx *w, int32_t k,            \
                                     int32_t j) {                                                            \
        const cx part = mdg_##fft##_scale(z[k + j * s->m], share(s->radix));                                 \
        return j == 0 ? part : mdg_##fft##_mul(part, w[j * k * s->stride]);                                  \
    }

/* Radix 2, 4 and any: of the points k, k + m, k + 2m, ... */
#define MDG_FFT_BUTTERFLIES(fft, cx, share)                                                                  \
    static inline void mdg_##fft##_butterfly2(const mdg_fft_stage *s, cx *z, const cx *w, int32_t k) {       \
        const cx a = mdg_##fft##_leg(s, z, w, k, 0), b = mdg_##fft##_leg(s, z, w, k, 1);                     \
        z[k] = mdg_##fft##_add(a, b);                                                                        \
        z[k + s->m] = mdg_##fft##_sub(a, b);                                                                 \
    }                                                                                                        \
    static inline void mdg_##fft##_butterfly4(const mdg_fft_stage *s, cx *z, const cx *w, int32_t k) {       \
        const cx a = mdg_##fft##_leg(s, z, w, k, 0), b = mdg_##fft##_leg(s, z, w, k, 1);                     \
        const cx c = mdg_##fft##_leg(s, z, w, k, 2), d = mdg_##fft##_leg(s, z, w, k, 3);                     \
        const cx sum_ac = mdg_##fft##_add(a, c), dif_ac = mdg_##fft##_sub(a, c);                             \
        const cx sum_bd = mdg_##fft##_add(b, d);                                                             \
        const cx side = mdg_##fft##_turn(s->inverse ? mdg_##fft##_sub(b, d) : mdg_##fft##_sub(d, b));        \
        z[k] = mdg_##fft##_add(sum_ac, sum_bd);                                                              \
        z[k + s->m] = mdg_##fft##_add(dif_ac, side);                                                         \
        z[k + 2 * s->m] = mdg_##fft##_sub(sum_ac, sum_bd);                                                   \
        z[k + 3 * s->m] = mdg_##fft##_sub(dif_ac, side);                                                     \
    }                                                                                                        \
    static inline void mdg_##fft##_butterfly(const mdg_fft_stage *s, cx *z, const cx *w, int32_t k,          \
                                             cx *share_of) {                                                 \
        for (int32_t j = 0; j < s->radix; j++)                                                               \
            share_of[j] = mdg_##fft##_scale(z[k + j * s->m], share(s->radix));                               \
        for (; k < s->radix * s->m; k += s->m) {                                                             \
            cx sum = share_of[0];                                                                            \
            int32_t turn = 0;                                                                                \
            for (int32_t j = 1; j < s->radix; j++) {                                                         \
                turn += k * s->stride;                                                                       \
                if (turn >= s->n) turn -= s->n;                                                              \
                sum = mdg_##fft##_add(sum, mdg_##fft##_mul(share_of[j], w[turn]));                           \
            }                                                                                                \
            z[k] = sum;                                                                                      \
        }                                                                                                    \
    }

#define MDG_FFT_BUTTERFLY3(fft, cx, half)                                                                    \
    static inline void mdg_##fft##_butterfly3(const mdg_fft_stage *s, cx *z, const cx *w, int32_t k) {       \
        const cx a = mdg_##fft##_leg(s, z, w, k, 0), b = mdg_##fft##_leg(s, z, w, k, 1);                     \
        const cx c = mdg_##fft##_leg(s, z, w, k, 2), sum = mdg_##fft##_add(b, c);                            \
        const cx half_sum = {half(sum.re), half(sum.im)}, rest = mdg_##fft##_sub(a, half_sum);               \
        const cx dif = mdg_##fft##_scale(mdg_##fft##_sub(b, c), w[s->m * s->stride].im);                     \
        const cx side = mdg_##fft##_turn(dif);                                                               \
        z[k] = mdg_##fft##_add(a, sum);                                                                      \
        z[k + s->m] = mdg_##fft##_add(rest, side);                                                           \
        z[k + 2 * s->m] = mdg_##fft##_sub(rest, side);                                                       \
    }

#define MDG_FFT_BUTTERFLY5(fft, cx)                                                                          \
    /* a + scale(b, p) + scale(c, q) */                                                                      \
    static inline cx mdg_##fft##_row(cx a, cx b, cx c, cx p, cx q) {                                         \
        return mdg_##fft##_add(mdg_##fft##_add(a, mdg_##fft##_scale(b, p.re)), mdg_##fft##_scale(c, q.re));  \
    }                                                                                                        \
    static inline void mdg_##fft##_butterfly5(const mdg_fft_stage *s, cx *z, const cx *w, int32_t k) {       \
        const cx p = w[s->m * s->stride], q = w[2 * s->m * s->stride];                                       \
        const cx a = mdg_##fft##_leg(s, z, w, k, 0);                                                         \
        const cx b = mdg_##fft##_leg(s, z, w, k, 1), e = mdg_##fft##_leg(s, z, w, k, 4);                     \
        const cx c = mdg_##fft##_leg(s, z, w, k, 2), d = mdg_##fft##_leg(s, z, w, k, 3);                     \
        const cx sum_be = mdg_##fft##_add(b, e), sum_cd = mdg_##fft##_add(c, d);                             \
        const cx dif_be = mdg_##fft##_sub(b, e), dif_cd = mdg_##fft##_sub(c, d);                             \
        const cx near = mdg_##fft##_row(a, sum_be, sum_cd, p, q);                                            \
        const cx far = mdg_##fft##_row(a, sum_be, sum_cd, q, p);                                             \
        const cx near_side = mdg_##fft##_turn(                                                               \
            mdg_##fft##_add(mdg_##fft##_scale(dif_be, p.im), mdg_##fft##_scale(dif_cd, q.im)));              \
        const cx far_side = mdg_##fft##_turn(                                                                \
            mdg_##fft##_sub(mdg_##fft##_scale(dif_be, q.im), mdg_##fft##_scale(dif_cd, p.im)));              \
        z[k] = mdg_##fft##_add(a, mdg_##fft##_add(sum_be, sum_cd));                                          \
        z[k + s->m] = mdg_##fft##_add(near, near_side);                                                      \
        z[k + 2 * s->m] = mdg_##fft##_add(far, far_side);                                                    \
        z[k + 3 * s->m] = mdg_##fft##_sub(far, far_side);                                                    \
        z[k + 4 * s->m] = mdg_##fft##_sub(near, near_side);                                                  \
    }

/* z: the points in the order of mdg_fft_next; legs: room for as many as the largest radix, if that is none of
 * 2, 3, 4, 5 */
#define MDG_FFT_TRANSFORM(fft, cx)                                                                           \
    static inline void mdg_##fft##_stage(const mdg_fft_stage *s, cx *z, const cx *w, cx *legs) {             \
        for (int32_t k = 0; k < s->m; k++) {                                                                 \
            switch (s->radix) {                                                                              \
            case 2: mdg_##fft##_butterfly2(s, z, w, k); break;                                               \
            case 3: mdg_##fft##_butterfly3(s, z, w, k); break;                                               \
            case 4: mdg_##fft##_butterfly4(s, z, w, k); break;                                               \
            case 5: mdg_##fft##_butterfly5(s, z, w, k); break;                                               \
            default: mdg_##fft##_butterfly(s, z, w, k, legs); break;                                         \
            }                                                                                                \
        }                                                                                                    \
    }                                                                                                        \
    static inline void mdg_##fft(const mdg_fft_params *p, cx *z, const cx *w, cx *legs, int32_t inverse) {   \
        mdg_fft_stage s = {p->points, 1, 1, p->points, inverse};                                             \
        for (int32_t i = p->stages - 1; i >= 0; i--) {                                                       \
            s.radix = p->radix[i];                                                                           \
            s.stride /= s.radix;                                                                             \
            for (int32_t block = 0; block < s.n; block += s.radix * s.m)                                     \
                mdg_##fft##_stage(&s, z + block, w, legs);                                                   \
            s.m *= s.radix;                                                                                  \
        }                                                                                                    \
    }

#define MDG_RFFT_KERNEL(name, fft, cx, scalar, wide, share, half)                                            \
    /* From n complex points, made of 2n real ones in pairs, to the n + 1 bins of these, in place */         \
    static inline void mdg_##name##_split(cx *z, int32_t n, const cx *split) {                               \
        const cx first = fft##_scale(z[0], share(2));                                                        \
        z[0].re = (scalar)((wide)first.re + (wide)first.im);                                                 \
        z[n].re = (scalar)((wide)first.re - (wide)first.im);                                                 \
        z[0].im = z[n].im = 0;                                                                               \
        for (int32_t k = 1; k <= n / 2; k++) {                                                               \
            const cx a = fft##_scale(z[k], share(2));                                                        \
            const cx b = fft##_scale(fft##_conjugate(z[n - k]), share(2));                                   \
            const cx even = fft##_add(a, b);                                                                 \
            const cx odd = fft##_mul(fft##_sub(a, b), split[k - 1]);                                         \
            z[k].re = half((wide)even.re + (wide)odd.re);                                                    \
            z[k].im = half((wide)even.im + (wide)odd.im);                                                    \
            z[n - k].re = half((wide)even.re - (wide)odd.re);                                                \
            z[n - k].im = half((wide)odd.im - (wide)even.im);                                                \
        }                                                                                                    \
    }                                                                                                        \
                                                                                                             \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_fft_params *p = (const mdg_fft_params *)params;                                            \
        const scalar *x = (const scalar *)in[0]; /* [rows][length], zeros are thought behind */              \
        const cx *w = (const cx *)in[1];         /* [points] */                                              \
        const cx *split = (const cx *)in[2];     /* [points / 2] */                                          \
        cx *z = (cx *)out[0];                    /* [rows][points + 1] */                                    \
        cx *legs = (cx *)out[1];                 /* [largest radix] or NULL */                               \
        for (int32_t row = 0; row < p->rows; row++, x += p->length, z += p->points + 1) {                    \
            mdg_fft_order order = {0, {0}};                                                                  \
            for (int32_t i = 0; i < p->points; i++) {                                                        \
                const int32_t at = 2 * mdg_fft_next(&order, p);                                              \
                z[i].re = at < p->length ? x[at] : (scalar)0;                                                \
                z[i].im = at + 1 < p->length ? x[at + 1] : (scalar)0;                                        \
            }                                                                                                \
            fft(p, z, w, legs, 0);                                                                           \
            mdg_##name##_split(z, p->points, split);                                                         \
        }                                                                                                    \
    }

#define MDG_IRFFT_KERNEL(name, fft, cx, scalar, wide, share, finish)                                         \
    /* From the n + 1 bins to n complex points */                                                            \
    static inline void mdg_##name##_join(const cx *x, int32_t n, const cx *split, cx *z) {                   \
        const cx ends = {(scalar)((wide)x[0].re + (wide)x[n].re), (scalar)((wide)x[0].re - (wide)x[n].re)};  \
        z[0] = fft##_scale(ends, share(2));                                                                  \
        for (int32_t k = 1; k <= n / 2; k++) {                                                               \
            const cx a = fft##_scale(x[k], share(2));                                                        \
            const cx b = fft##_scale(fft##_conjugate(x[n - k]), share(2));                                   \
            const cx even = fft##_add(a, b);                                                                 \
            const cx odd = fft##_mul(fft##_sub(a, b), split[k - 1]);                                         \
            z[k] = fft##_add(even, odd);                                                                     \
            z[n - k] = fft##_conjugate(fft##_sub(even, odd));                                                \
        }                                                                                                    \
    }                                                                                                        \
                                                                                                             \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_fft_params *p = (const mdg_fft_params *)params;                                            \
        const cx *x = (const cx *)in[0];     /* [rows][points + 1] */                                        \
        const cx *w = (const cx *)in[1];     /* [points] */                                                  \
        const cx *split = (const cx *)in[2]; /* [points / 2] */                                              \
        cx *z = (cx *)out[0];                /* [rows][points] */                                            \
        cx *joined = (cx *)out[1];           /* [points] */                                                  \
        cx *legs = (cx *)out[2];             /* [largest radix] or NULL */                                   \
        for (int32_t row = 0; row < p->rows; row++, x += p->points + 1, z += p->points) {                    \
            mdg_fft_order order = {0, {0}};                                                                  \
            mdg_##name##_join(x, p->points, split, joined);                                                  \
            for (int32_t i = 0; i < p->points; i++) z[i] = joined[mdg_fft_next(&order, p)];                  \
            fft(p, z, w, legs, 1);                                                                           \
            for (int32_t i = 0; i < p->points; i++) z[i] = finish(z[i], p->points);                          \
        }                                                                                                    \
    }

#endif
