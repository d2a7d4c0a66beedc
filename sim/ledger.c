#include "ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

bool sim_ledger_init(struct sim_ledger *ledger, const struct sim_ledger_form *form)
{
    sim_require(form->account_count > 0 && form->quantity_count > 0, "an empty ledger");
    ledger->form = form;
    ledger->balances = calloc(form->account_count * form->quantity_count, sizeof(int64_t));
    return ledger->balances != NULL;
}

void sim_ledger_clear(struct sim_ledger *ledger)
{
    free(ledger->balances);
    *ledger = (struct sim_ledger){0};
}

void sim_ledger_move(struct sim_ledger *ledger, size_t from, size_t to, size_t quantity,
                     int64_t amount)
{
    const struct sim_ledger_form *form = ledger->form;
    sim_require(from < form->account_count && to < form->account_count, "account %zu to %zu", from,
                to);
    sim_require(quantity < form->quantity_count, "quantity %zu", quantity);
    if (from == to)
        return;
    int64_t *giver = &ledger->balances[from * form->quantity_count + quantity];
    int64_t *taker = &ledger->balances[to * form->quantity_count + quantity];
    bool overflow = __builtin_sub_overflow(*giver, amount, giver);
    overflow |= __builtin_add_overflow(*taker, amount, taker);
    sim_require(!overflow, "%" PRId64 " of %s from %s to %s overflows", amount,
                form->quantities[quantity], form->accounts[from].name, form->accounts[to].name);
}

void sim_ledger_move_all(struct sim_ledger *ledger, size_t from, size_t to, const int64_t *amounts,
                         size_t count)
{
    const struct sim_ledger_form *form = ledger->form;
    sim_require(count <= form->quantity_count, "%zu quantities", count);
    sim_require(from < form->account_count && to < form->account_count, "account %zu to %zu", from,
                to);
    if (from == to)
        return;
    int64_t *giver = &ledger->balances[from * form->quantity_count];
    int64_t *taker = &ledger->balances[to * form->quantity_count];
    bool overflow = false;
    for (size_t i = 0; i < count; i++) {
        overflow |= __builtin_sub_overflow(giver[i], amounts[i], &giver[i]);
        overflow |= __builtin_add_overflow(taker[i], amounts[i], &taker[i]);
    }
    sim_require(!overflow, "an amount from %s to %s overflows", form->accounts[from].name,
                form->accounts[to].name);
}

int64_t sim_ledger_balance(const struct sim_ledger *ledger, size_t account, size_t quantity)
{
    const struct sim_ledger_form *form = ledger->form;
    sim_require(account < form->account_count && quantity < form->quantity_count,
                "account %zu, quantity %zu", account, quantity);
    return ledger->balances[account * form->quantity_count + quantity];
}

/* |a - b| and sums of it stop at INT64_MAX instead of wrapping round to something small. */
static int64_t add_distance(int64_t sum, int64_t a, int64_t b)
{
    int64_t low = a < b ? a : b, high = a < b ? b : a, distance;
    if (__builtin_sub_overflow(high, low, &distance) || __builtin_add_overflow(sum, distance, &sum))
        return INT64_MAX;
    return sum;
}

bool sim_ledger_audit(const struct sim_ledger *ledger, const int64_t *counted, int64_t *errors,
                      char *text, size_t size)
{
    const struct sim_ledger_form *form = ledger->form;
    bool equal = true;
    for (size_t a = 0; a < form->account_count; a++) {
        for (size_t q = 0; form->accounts[a].inside && q < form->quantity_count; q++) {
            int64_t balance = ledger->balances[a * form->quantity_count + q];
            int64_t count = counted[a * form->quantity_count + q];
            if (balance == count)
                continue;
            errors[q] = add_distance(errors[q], balance, count);
            if (equal && size > 0)
                snprintf(text, size, "%s, %s: ledger %" PRId64 ", counted %" PRId64,
                         form->quantities[q], form->accounts[a].name, balance, count);
            equal = false;
        }
    }
    return equal;
}
