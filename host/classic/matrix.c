/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "classic/learners.h"

double mdg_squared_distance(const int8_t *x, const double *centre, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += (x[i] - centre[i]) * (x[i] - centre[i]);
    return sum;
}

void mdg_cholesky(double *a, int n, double least) {
    const size_t stride = (size_t)n;
    for (size_t j = 0; j < stride; j++) {
        for (size_t i = j; i < stride; i++) {
            double sum = a[i * stride + j];
            for (size_t k = 0; k < j; k++) sum -= a[i * stride + k] * a[j * stride + k];
            a[i * stride + j] = i == j ? sqrt(fmax(sum, least)) : sum / a[j * stride + j];
        }
    }
}
