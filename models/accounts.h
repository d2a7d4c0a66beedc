/* The ledger's accounts. Inside accounts hold what an audit can count; outside ones are the
 * boundary of the system. Cargo of pending events is in motion, whatever it is. */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "../sim/ledger.h"

enum accounts {
    /* inside: metal, elements, emissions */
    ACCOUNT_YARD,     /* collectors' yards */
    ACCOUNT_HUB,      /* hubs: waiting to be weighed, and stock */
    ACCOUNT_SORTING,  /* sorting centres: waiting, and sorted stock */
    ACCOUNT_PORT,     /* ports: under inspection, and stock */
    ACCOUNT_FEED,     /* plants' scrap */
    ACCOUNT_FURNACE,  /* charges in furnaces */
    ACCOUNT_FINISHED, /* plants' products */
    ACCOUNT_MOTION,   /* cargo of pending events */
    /* inside: money */
    ACCOUNT_CASH_COLLECTORS,
    ACCOUNT_CASH_HUBS,
    ACCOUNT_CASH_SORTING,
    ACCOUNT_CASH_PORTS,
    ACCOUNT_CASH_PLANTS,
    ACCOUNT_CLEARING, /* paid to the seller at dispatch, by the buyer at receipt */
    /* outside */
    ACCOUNT_IN_USE,      /* discarded products; households that are paid for them */
    ACCOUNT_FABRICATION, /* manufacturers' new scrap, and their money */
    ACCOUNT_ABROAD,      /* exporters of scrap, and shipments sent back */
    ACCOUNT_METALS,      /* primary metal and alloying elements, and their sellers */
    ACCOUNT_CUSTOMERS,   /* users of the alloys */
    ACCOUNT_LOSSES,      /* melt loss, dross, handling */
    ACCOUNT_EMITTERS,    /* where emissions come from */
    ACCOUNT_SERVICES,    /* energy, labour, transport, capital */
    ACCOUNT_STATE,       /* taxes and refunds */
    ACCOUNTS
};

extern const struct sim_ledger_form accounts_form;

#endif
