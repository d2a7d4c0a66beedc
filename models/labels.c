#include "labels.h"

static const char *const sectors[SECTORS] = {
    "cars_ice", "cars_nev",  "other_transport", "building",  "electrical",
    "pv",       "machinery", "durables",        "packaging", "other"};
static const char *const grades[GRADES] = {
    "extrusion_new", "extrusion_old", "thermal_break", "formwork",    "ubc",       "wheels",
    "mixed_cast",    "shredded",      "wire",          "sheet_clean", "sheet_old", "turnings"};
static const char *const alloys[ALLOYS] = {"ADC12", "A356", "structural", "6063",
                                           "6061",  "3104", "6016",       "1350"};
static const char *const tiers[TIERS] = {"collector", "hub", "sorted", "port"};
static const char *const forms[FORMS] = {"ingot", "molten", "rod"};
static const char *const scopes[SCOPES] = {"scope1", "scope2", "scope3"};
static const char *const methods[METHODS] = {"cut_off", "allocation"};
static const char *const sizes[SIZES] = {"small", "medium", "large"};
static const char *const elements[ELEMENTS] = {"Si", "Fe", "Cu", "Mn", "Mg",
                                               "Cr", "Ni", "Zn", "Ti"};
static const char *const ledgers[LEDGERS] = {"metal", "elements", "money", "emissions"};
static const char *const provinces[PROVINCES] = {
    "Beijing",      "Tianjin",  "Hebei",   "Shanxi",   "Inner Mongolia", "Liaoning", "Jilin",
    "Heilongjiang", "Shanghai", "Jiangsu", "Zhejiang", "Anhui",          "Fujian",   "Jiangxi",
    "Shandong",     "Henan",    "Hubei",   "Hunan",    "Guangdong",      "Guangxi",  "Hainan",
    "Chongqing",    "Sichuan",  "Guizhou", "Yunnan",   "Tibet",          "Shaanxi",  "Gansu",
    "Qinghai",      "Ningxia",  "Xinjiang"};
static const char *const origins[ORIGINS] = {"Malaysia", "Thailand",     "Japan", "UK",
                                             "USA",      "EU",           "Korea", "HongKong",
                                             "Canada",   "Rest of world"};

static const char *const technologies[TECHNOLOGIES] = {"impurity_tolerance", "nev_acceptance",
                                                       "melting", "sorting"};

static const char *const programmes[PROGRAMMES] = {"formwork", "cars", "cans", "electronics",
                                                   "windows"};

static const char *const flows[FLOWS] = {
    "yards",   "hubs",   "sorting",     "ports",  "feed",   "furnaces",  "products",
    "transit", "in_use", "fabrication", "abroad", "metals", "customers", "losses"};

#define AXIS(VARIABLE, LABEL, LONG, LIST)                                                          \
    const struct sim_dimension VARIABLE = {                                                        \
        .name = LABEL, .long_name = LONG, .count = sizeof LIST / sizeof LIST[0], .labels = LIST}

AXIS(labels_sector, "sector", "end-use sector", sectors);
AXIS(labels_grade, "grade", "scrap grade", grades);
AXIS(labels_alloy, "alloy", "alloy product", alloys);
AXIS(labels_tier, "tier", "tier of the scrap market", tiers);
AXIS(labels_form, "form", "form of delivery", forms);
AXIS(labels_scope, "scope", "emission scope", scopes);
AXIS(labels_method, "method", "accounting of embodied emissions", methods);
AXIS(labels_size, "size", "plant size class", sizes);
AXIS(labels_element, "element", "alloying element", elements);
AXIS(labels_ledger, "ledger", "conserved quantity", ledgers);
AXIS(labels_province, "province", "province", provinces);
AXIS(labels_origin, "origin", "origin of imports", origins);
AXIS(labels_technology, "technology", "field of joint research", technologies);
AXIS(labels_flow_from, "flow_from", "holder that metal leaves", flows);
AXIS(labels_flow_to, "flow_to", "holder that metal reaches", flows);
AXIS(labels_programme, "programme", "programme of reverse collection", programmes);
