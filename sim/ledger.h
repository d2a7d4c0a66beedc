/* Integer double-entry ledgers: what leaves one account enters another, exactly.
 *
 * One ledger per domain, `accounts` x `quantities` balances in int64 (grams of metal and of each
 * element, fen, grams of CO2e). Accounts are inside (something physical that an audit can count)
 * or outside (the boundary of the system: in-use stock, abroad, customers, losses). The audit
 * compares every inside balance with what components count; equal means conservation is exactly
 * zero. */
#ifndef SIM_LEDGER_H
#define SIM_LEDGER_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_account {
    const char *name;
    bool inside;
};

struct sim_ledger_form {
    const struct sim_account *accounts;
    size_t account_count;
    const char *const *quantities; /* names with units: "metal (g)" */
    size_t quantity_count;
};

struct sim_ledger {
    const struct sim_ledger_form *form; /* borrowed */
    int64_t *balances;                  /* [account * quantity_count + quantity] */
};

bool sim_ledger_init(struct sim_ledger *ledger, const struct sim_ledger_form *form);
void sim_ledger_clear(struct sim_ledger *ledger);
/* amount may be negative; from and to may be equal (nothing happens). Overflow is required not to
 * occur. */
void sim_ledger_move(struct sim_ledger *ledger, size_t from, size_t to, size_t quantity,
                     int64_t amount);
/* amounts[quantities 0 .. count-1] at once. */
void sim_ledger_move_all(struct sim_ledger *ledger, size_t from, size_t to, const int64_t *amounts,
                         size_t count);
int64_t sim_ledger_balance(const struct sim_ledger *ledger, size_t account, size_t quantity);
/* Compares inside balances with counted[same layout]. errors[quantity] += |difference|. On the
 * first difference writes "quantity, account: ledger .., counted .." to text. */
bool sim_ledger_audit(const struct sim_ledger *ledger, const int64_t *counted, int64_t *errors,
                      char *text, size_t size);

#endif
