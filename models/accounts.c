#include "accounts.h"

#include "lot.h"

static const struct sim_account accounts[ACCOUNTS] = {
    [ACCOUNT_YARD] = {"collectors' yards", true},
    [ACCOUNT_HUB] = {"hubs", true},
    [ACCOUNT_SORTING] = {"sorting centres", true},
    [ACCOUNT_PORT] = {"ports", true},
    [ACCOUNT_FEED] = {"plants' feed", true},
    [ACCOUNT_FURNACE] = {"furnaces", true},
    [ACCOUNT_FINISHED] = {"finished products", true},
    [ACCOUNT_MOTION] = {"in motion", true},
    [ACCOUNT_CASH_COLLECTORS] = {"collectors' cash", true},
    [ACCOUNT_CASH_HUBS] = {"hubs' cash", true},
    [ACCOUNT_CASH_SORTING] = {"sorting centres' cash", true},
    [ACCOUNT_CASH_PORTS] = {"ports' cash", true},
    [ACCOUNT_CASH_PLANTS] = {"plants' cash", true},
    [ACCOUNT_CLEARING] = {"clearing", true},
    [ACCOUNT_IN_USE] = {"products in use", false},
    [ACCOUNT_FABRICATION] = {"fabrication", false},
    [ACCOUNT_ABROAD] = {"abroad", false},
    [ACCOUNT_METALS] = {"primary metal and alloying elements", false},
    [ACCOUNT_CUSTOMERS] = {"customers", false},
    [ACCOUNT_LOSSES] = {"losses", false},
    [ACCOUNT_EMITTERS] = {"emitters", false},
    [ACCOUNT_SERVICES] = {"services", false},
    [ACCOUNT_STATE] = {"state", false},
};

static const char *const quantities[QUANTITIES] = {
    "metal (g)",     "silicon (g)",   "iron (g)",           "copper (g)",
    "manganese (g)", "magnesium (g)", "chromium (g)",       "nickel (g)",
    "zinc (g)",      "titanium (g)",  "emissions (g CO2e)", "allocated burden (g CO2e)",
    "money (fen)"};

const struct sim_ledger_form accounts_form = {
    .accounts = accounts,
    .account_count = ACCOUNTS,
    .quantities = quantities,
    .quantity_count = QUANTITIES,
};
