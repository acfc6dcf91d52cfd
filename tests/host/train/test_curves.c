/* SPDX-License-Identifier: MIT
 *
 * Figures of the epochs as files: names, rows, and nothing where nothing was measured.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "train/curves.h"
#include "util/file.h"

static mdg_epoch epochs[] = {{1.5f, 0.25f, 1.25f, 0.5f, 0.01f, 3.0f, 0.5f},
                             {0.5f, 0.75f, 0.625f, 0.875f, 0.001f, 2.0f, 0.25f}};

static void expect(const char *folder, const char *name, const char *text) {
    char path[128];
    mdg_diag diag;
    mdg_bytes file;
    mdg_arena *arena = mdg_arena_new();
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mdg_file_read(path, arena, &file, &diag), MDG_OK);
    assert_int_equal(file.size, strlen(text));
    assert_memory_equal(file.data, text, file.size);
    mdg_arena_free(arena);
    unlink(path);
}

static void test_files(void **state) {
    (void)state;
    char folder[] = "/tmp/midge-curves-XXXXXX";
    const mdg_history history = {.n_epochs = 2, .best_epoch = 1, .epochs = epochs};
    mdg_diag diag = {""};
    assert_non_null(mkdtemp(folder));
    assert_int_equal(mdg_curves_write(&history, true, folder, &diag), MDG_OK);
    expect(folder, "training.csv",
           "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,gradient_norm,seconds\n"
           "1,1.5,0.25,1.25,0.5,0.00999999978,3,0.5\n"
           "2,0.5,0.75,0.625,0.875,0.00100000005,2,0.25\n");
    expect(folder, "training.jsonl",
           "{\"epoch\": 1, \"loss\": 1.5, \"accuracy\": 0.25, \"validation_loss\": 1.25, "
           "\"validation_accuracy\": 0.5, \"learning_rate\": 0.00999999978, \"gradient_norm\": 3, "
           "\"seconds\": 0.5}\n"
           "{\"epoch\": 2, \"loss\": 0.5, \"accuracy\": 0.75, \"validation_loss\": 0.625, "
           "\"validation_accuracy\": 0.875, \"learning_rate\": 0.00100000005, \"gradient_norm\": 2, "
           "\"seconds\": "
           "0.25}\n");
    const mdg_history first = {.n_epochs = 1, .epochs = epochs};
    assert_int_equal(mdg_curves_write(&first, false, folder, &diag), MDG_OK);
    expect(folder, "training.csv",
           "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,gradient_norm,seconds\n"
           "1,1.5,0.25,,,0.00999999978,3,0.5\n");
    expect(folder, "training.jsonl",
           "{\"epoch\": 1, \"loss\": 1.5, \"accuracy\": 0.25, \"learning_rate\": 0.00999999978, "
           "\"gradient_norm\": 3, \"seconds\": 0.5}\n");
    assert_int_equal(rmdir(folder), 0); /* nothing else is left */
    assert_int_equal(mdg_curves_write(&history, true, "/nonexistent", &diag), MDG_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
