/* llama.cpp's own numbers, by its C interface and nothing of ours: reads token ids (one a line) from stdin,
 * evaluates them from an empty cache in batches, and writes ln p(token | all before it) for every token but the
 * first, computed in double precision from the logits. test/agreement/run.sh compiles and runs it.
 *
 *   reference MODEL BATCH THREADS BACKENDS-FOLDER < ids > values
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "ggml-backend.h"
#include "llama.h"

static void quiet(enum ggml_log_level level, const char *text, void *data) { (void) level; (void) text; (void) data; }

int main(int argc, char **argv) {
    if (argc != 5) return 3;
    int batch_size = atoi(argv[2]), threads = atoi(argv[3]);
    llama_log_set(quiet, NULL);
    ggml_backend_load_all_from_path(argv[4]);
    struct llama_model_params mp = llama_model_default_params();
    mp.n_gpu_layers = 0;
    struct llama_model *model = llama_model_load_from_file(argv[1], mp);
    if (!model) return 4;
    static llama_token ids[1 << 16];
    int n = 0;
    while (n < 1 << 16 && scanf("%d", &ids[n]) == 1) n++;
    struct llama_context_params cp = llama_context_default_params();
    cp.n_ctx = n + 8; cp.n_batch = cp.n_ubatch = batch_size; cp.n_outputs_max_per_seq = 0;
    cp.n_threads = cp.n_threads_batch = threads;
    cp.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    struct llama_context *ctx = llama_init_from_model(model, cp);
    if (!ctx) return 4;
    int vocab = llama_vocab_n_tokens(llama_model_get_vocab(model));
    struct llama_batch batch = llama_batch_init(batch_size, 0, 1);
    for (int at = 0; at < n; at += batch_size) {
        batch.n_tokens = n - at < batch_size ? n - at : batch_size;
        for (int i = 0; i < batch.n_tokens; i++) {
            batch.token[i] = ids[at + i]; batch.pos[i] = at + i;
            batch.n_seq_id[i] = 1; batch.seq_id[i][0] = 0; batch.logits[i] = 1;
        }
        if (llama_decode(ctx, batch) != 0) return 4;
        for (int i = 0; i < batch.n_tokens && at + i + 1 < n; i++) {
            const float *z = llama_get_logits_ith(ctx, i);
            double max = z[0], sum = 0;
            for (int v = 1; v < vocab; v++) if (z[v] > max) max = z[v];
            for (int v = 0; v < vocab; v++) sum += exp(z[v] - max);
            printf("%.17g\n", z[ids[at + i + 1]] - max - log(sum));
        }
    }
    return 0;
}
