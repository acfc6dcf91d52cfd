/* SPDX-License-Identifier: MIT
 *
 * Key files: a line that tells what follows, a line of hexadecimal digits. What a secret key is made of
 * leaves memory when it is no longer needed.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "update/update.h"

static const char secret_title[] = "midge ed25519 secret key", public_title[] = "midge ed25519 public key";

enum { HEX_BYTES = 2 * MDG_KEY_BYTES + 1, TEXT_BYTES = 128, PATH_BYTES = 4096 };

_Static_assert(sizeof(mdg_secret_key) == crypto_sign_SECRETKEYBYTES, "libsodium's keys");
_Static_assert(MDG_KEY_BYTES == crypto_sign_PUBLICKEYBYTES && MDG_KEY_BYTES == crypto_sign_SEEDBYTES,
               "sizes");

/* Made anew: what exists is never replaced, for a lost key cannot be made again. */
static mdg_status write_key(const char *path, mode_t mode, const char *title, const uint8_t *key,
                            mdg_diag *diag) {
    char hex[HEX_BYTES], text[TEXT_BYTES];
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0 && errno == EEXIST)
        return mdg_fail(diag, MDG_INVALID, "%s: exists already; keys are never overwritten", path);
    if (file < 0) return mdg_fail(diag, MDG_IO, "%s: cannot be written: %s", path, strerror(errno));
    sodium_bin2hex(hex, sizeof hex, key, MDG_KEY_BYTES);
    const int n = snprintf(text, sizeof text, "%s\n%s\n", title, hex);
    const bool written = write(file, text, (size_t)n) == n && fsync(file) == 0;
    const bool closed = close(file) == 0;
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(text, sizeof text);
    if (written && closed) return MDG_OK;
    unlink(path);
    return mdg_fail(diag, MDG_IO, "%s: cannot be written: %s", path, strerror(errno));
}

static mdg_status write_pair(const char *name, const uint8_t *seed, const uint8_t *public, mdg_diag *diag) {
    char secret_path[PATH_BYTES], public_path[PATH_BYTES];
    if (strlen(name) + sizeof ".key" > PATH_BYTES)
        return mdg_fail(diag, MDG_INVALID, "%.200s...: path is too long", name);
    snprintf(secret_path, sizeof secret_path, "%s.key", name);
    snprintf(public_path, sizeof public_path, "%s.pub", name);
    MDG_TRY(write_key(secret_path, 0600, secret_title, seed, diag));
    const mdg_status status = write_key(public_path, 0644, public_title, public, diag);
    if (status != MDG_OK) unlink(secret_path); /* half a pair is of no use */
    return status;
}

mdg_status mdg_keys_make(const char *name, mdg_diag *diag) {
    uint8_t seed[crypto_sign_SEEDBYTES], public[crypto_sign_PUBLICKEYBYTES];
    mdg_secret_key key;
    if (sodium_init() < 0) return mdg_fail(diag, MDG_TOOL, "libsodium: no source of random numbers");
    randombytes_buf(seed, sizeof seed);
    crypto_sign_seed_keypair(public, key.bytes, seed);
    const mdg_status status = write_pair(name, seed, public, diag);
    sodium_memzero(seed, sizeof seed);
    mdg_secret_key_forget(&key);
    return status;
}

/* Not by util/file, whose buffers stay. */
static mdg_status read_key(const char *path, int file, const char *title, uint8_t *key, mdg_diag *diag) {
    char text[TEXT_BYTES] = {0};
    size_t n = 0;
    const size_t head = strlen(title);
    const ssize_t bytes = read(file, text, sizeof text - 1);
    const bool holds = bytes > (ssize_t)head && strncmp(text, title, head) == 0 && text[head] == '\n' &&
                       sodium_hex2bin(key, MDG_KEY_BYTES, text + head + 1, (size_t)bytes - head - 1, "\r\n",
                                      &n, NULL) == 0 &&
                       n == MDG_KEY_BYTES;
    sodium_memzero(text, sizeof text);
    if (holds) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "%s: not a %s; `midge update key` makes one", path, title);
}

static mdg_status open_key(const char *path, int *file, mdg_diag *diag) {
    *file = open(path, O_RDONLY | O_CLOEXEC);
    if (*file >= 0) return MDG_OK;
    return mdg_fail(diag, errno == ENOENT ? MDG_NOT_FOUND : MDG_IO, "%s: %s", path, strerror(errno));
}

static mdg_status check_owner_alone(const char *path, int file, mdg_diag *diag) {
    struct stat info;
    if (fstat(file, &info) != 0) return mdg_fail(diag, MDG_IO, "%s: %s", path, strerror(errno));
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0 || !S_ISREG(info.st_mode)) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID,
                    "%s: others can read or write this secret key; `chmod 600 %s`, and if they may have done "
                    "so, make a new one",
                    path, path);
}

mdg_status mdg_secret_key_read(const char *path, mdg_secret_key *key, mdg_diag *diag) {
    uint8_t seed[crypto_sign_SEEDBYTES], public[crypto_sign_PUBLICKEYBYTES];
    int file;
    MDG_TRY(open_key(path, &file, diag));
    mdg_status status = check_owner_alone(path, file, diag);
    if (status == MDG_OK) status = read_key(path, file, secret_title, seed, diag);
    close(file);
    if (status == MDG_OK) crypto_sign_seed_keypair(public, key->bytes, seed);
    sodium_memzero(seed, sizeof seed);
    return status;
}

mdg_status mdg_public_key_read(const char *path, mdg_public_key *key, mdg_diag *diag) {
    int file;
    MDG_TRY(open_key(path, &file, diag));
    const mdg_status status = read_key(path, file, public_title, key->bytes, diag);
    close(file);
    return status;
}

void mdg_secret_key_forget(mdg_secret_key *key) {
    sodium_memzero(key, sizeof *key);
}

void mdg_secret_key_public(const mdg_secret_key *key, mdg_public_key *out) {
    crypto_sign_ed25519_sk_to_pk(out->bytes, key->bytes);
}
