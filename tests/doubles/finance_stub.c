/* Plays the vendor's libWeWorkFinanceSdk_C.so: the same exported functions (wechat.md 1e).
 *
 * Everything lies in the folder the library itself lies in, where the test puts it:
 *   records   a line for each record: its seq, a tab, its JSON
 *   media/    the files, by their sdkfileid
 *   faults    lines "FUNCTION WHAT", each used once: WHAT is a code, "abort" or "hang"
 *   calls     written here: a line for each call
 * A record's words are hex of the plain text XORed with the key; words that hold a certain marker
 * end the process when they are opened, every time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct { char *buf; int len; } Slice_t;
typedef struct { char *outindexbuf; int out_len; char *data; int data_len; int is_finish; } MediaData_t;
typedef struct { int ready; } WeWorkFinanceSdk_t;

#define PIECE (512 * 1024)
#define MARKER "KILLS-THE-LIBRARY"

static char *path(const char *name) {
    static char full[4096];
    Dl_info info;
    dladdr((void *)path, &info);
    snprintf(full, sizeof full, "%s", info.dli_fname);
    snprintf(strrchr(full, '/') + 1, 512, "%s", name);
    return full;
}

static void note(const char *format, ...) {
    FILE *file = fopen(path("calls"), "a");
    va_list values;
    va_start(values, format);
    vfprintf(file, format, values);
    fputc('\n', file);
    va_end(values);
    fclose(file);
}

static char *whole(const char *name, long *size) {
    FILE *file = fopen(path(name), "rb");
    char *data;
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    *size = ftell(file);
    rewind(file);
    data = calloc(1, *size + 1);
    if (fread(data, 1, *size, file) != (size_t)*size) *size = 0;
    fclose(file);
    return data;
}

/* The first fault of this function is used up; returns its code, 0 where there is none. */
static int fault(const char *function) {
    long size;
    int code = 0, used = 0;
    char *text = whole("faults", &size), *left, *line, *save = NULL;
    if (!text) return 0;
    left = calloc(1, size + 2);
    for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        size_t length = strlen(function);
        if (!used && !strncmp(line, function, length) && line[length] == ' ') {
            used = 1;
            if (!strcmp(line + length + 1, "abort")) code = -1;
            else if (!strcmp(line + length + 1, "hang")) code = -2;
            else code = atoi(line + length + 1);
        } else {
            strcat(strcat(left, line), "\n");
        }
    }
    if (used) {
        FILE *file = fopen(path("faults"), "w");
        fputs(left, file);
        fclose(file);
    }
    free(text);
    free(left);
    if (code == -1) abort();
    while (code == -2) pause();
    return code;
}

WeWorkFinanceSdk_t *NewSdk(void) {
    note("NewSdk");
    return calloc(1, sizeof(WeWorkFinanceSdk_t));
}

int Init(WeWorkFinanceSdk_t *sdk, const char *corpid, const char *secret) {
    int code = fault("Init");
    note("Init %s %d", corpid, (int)strlen(secret));
    printf("the vendor's library prints too\n");
    fflush(stdout);
    sdk->ready = !code;
    return code;
}

void DestroySdk(WeWorkFinanceSdk_t *sdk) {
    note("DestroySdk");
    free(sdk);
}

Slice_t *NewSlice(void) {
    note("NewSlice");
    return calloc(1, sizeof(Slice_t));
}

void FreeSlice(Slice_t *slice) {
    note("FreeSlice");
    free(slice->buf);
    free(slice);
}

MediaData_t *NewMediaData(void) {
    note("NewMediaData");
    return calloc(1, sizeof(MediaData_t));
}

void FreeMediaData(MediaData_t *media) {
    note("FreeMediaData");
    free(media->outindexbuf);
    free(media->data);
    free(media);
}

int GetChatData(WeWorkFinanceSdk_t *sdk, unsigned long long seq, unsigned int limit,
                const char *proxy, const char *passwd, int timeout, Slice_t *out) {
    long size = 0;
    unsigned int count = 0;
    char *text, *line, *save = NULL;
    int code;
    (void)proxy, (void)passwd, (void)timeout;
    note("GetChatData %llu %u", seq, limit);
    if ((code = fault("GetChatData"))) return code;
    if (!sdk->ready) return 10000;
    if ((text = whole("answer", &size))) { /* an answer of the platform's that is no page */
        out->buf = text;
        out->len = (int)size;
        return 0;
    }
    text = whole("records", &size);
    out->buf = calloc(1, size + 128);
    strcat(out->buf, "{\"errcode\":0,\"errmsg\":\"ok\",\"chatdata\":[");
    for (line = text ? strtok_r(text, "\n", &save) : NULL; line && count < limit;
         line = strtok_r(NULL, "\n", &save)) {
        if (strtoull(line, NULL, 10) <= seq) continue;
        if (count++) strcat(out->buf, ",");
        strcat(out->buf, strchr(line, '\t') + 1);
    }
    strcat(out->buf, "]}");
    out->len = (int)strlen(out->buf);
    free(text);
    return 0;
}

int DecryptData(const char *key, const char *sealed, Slice_t *out) {
    size_t length = strlen(sealed) / 2, wide = strlen(key), i;
    int code = fault("DecryptData");
    note("DecryptData");
    if (code) return code;
    if (!wide) return 10006;
    out->buf = calloc(1, length + 1);
    out->len = (int)length;
    for (i = 0; i < length; i++) {
        char pair[3] = {sealed[2 * i], sealed[2 * i + 1], 0};
        out->buf[i] = (char)(strtol(pair, NULL, 16) ^ key[i % wide]);
    }
    if (strstr(out->buf, MARKER)) abort();
    return 0;
}

int GetMediaData(WeWorkFinanceSdk_t *sdk, const char *index, const char *fileid, const char *proxy,
                 const char *passwd, int timeout, MediaData_t *out) {
    char name[512];
    long size = 0, from = atol(index), wide;
    int code = fault("GetMediaData");
    char *data;
    (void)sdk, (void)proxy, (void)passwd, (void)timeout;
    note("GetMediaData %s", index);
    if (code) return code;
    snprintf(name, sizeof name, "media/%s", fileid);
    if (!(data = whole(name, &size))) return 10005;
    wide = size - from < PIECE ? size - from : PIECE;
    out->data = malloc(wide + 1);
    memcpy(out->data, data + from, wide);
    out->data_len = (int)wide;
    out->outindexbuf = calloc(1, 32);
    out->out_len = sprintf(out->outindexbuf, "%ld", from + wide);
    out->is_finish = from + wide >= size;
    free(data);
    return 0;
}
