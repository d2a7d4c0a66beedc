#include "time.h"

#include "status.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DAYS_IN_400_YEARS = 146097, FIRST_YEAR = 1, LAST_YEAR = 9999 };

/* Days from 0000-03-01 to the epoch 2019-01-01. */
enum { EPOCH_DAYS = 737365, MARCH_TO_JANUARY = 306 };

static int64_t floor_divide(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return quotient * b > a ? quotient - 1 : quotient;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int sim_days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    sim_require(month >= 1 && month <= 12, "month %d", month);
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool sim_date_valid(struct sim_date date)
{
    return date.year >= FIRST_YEAR && date.year <= LAST_YEAR && date.month >= 1 &&
           date.month <= 12 && date.day >= 1 &&
           date.day <= sim_days_in_month(date.year, date.month);
}

static bool parse_digits(const char *text, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = 10 * *value + (text[i] - '0');
    }
    return true;
}

bool sim_date_parse(const char *text, struct sim_date *date)
{
    struct sim_date read = {0, 1, 1};
    size_t length = strlen(text);
    if (length != 4 && length != 10)
        return false;
    if (!parse_digits(text, 4, &read.year))
        return false;
    if (length == 10 && (text[4] != '-' || !parse_digits(text + 5, 2, &read.month) ||
                         text[7] != '-' || !parse_digits(text + 8, 2, &read.day)))
        return false;
    if (!sim_date_valid(read))
        return false;
    *date = read;
    return true;
}

/* Days since the epoch. Years run from March, so that a leap day is a year's last day; then a
 * month's first day in such a year is floor((153 m + 2) / 5), m = 0 in March. */
static int64_t days_from_date(struct sim_date date)
{
    int64_t year = (int64_t)date.year - (date.month <= 2);
    int64_t month = (date.month + 9) % 12;
    int64_t leap_days = floor_divide(year, 4) - floor_divide(year, 100) + floor_divide(year, 400);
    return year * 365 + leap_days + (153 * month + 2) / 5 + date.day - 1 - EPOCH_DAYS;
}

static struct sim_date date_from_days(int64_t days)
{
    int64_t since = days + EPOCH_DAYS;
    int64_t era = floor_divide(since, DAYS_IN_400_YEARS);
    int64_t day = since - era * DAYS_IN_400_YEARS;
    /* Drop the leap days before it: one per 1460 days, less one per 36524, plus one at the end. */
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t in_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;
    struct sim_date date;
    date.day = (int)(in_year - (153 * month + 2) / 5) + 1;
    date.month = (int)(month < 10 ? month + 3 : month - 9);
    date.year = (int)(era * 400 + year) + (date.month <= 2);
    return date;
}

int64_t sim_time_from_date(struct sim_date date)
{
    sim_require(sim_date_valid(date), "date %d-%d-%d", date.year, date.month, date.day);
    return days_from_date(date) * SIM_DAY;
}

struct sim_date sim_date_from_time(int64_t time)
{
    return date_from_days(floor_divide(time, SIM_DAY));
}

int sim_weekday(int64_t time)
{
    int64_t days = floor_divide(time, SIM_DAY) + 1; /* 2019-01-01 was a Tuesday */
    return (int)(days - 7 * floor_divide(days, 7));
}

int sim_month_index(int64_t time)
{
    struct sim_date date = sim_date_from_time(time);
    return 12 * (date.year - SIM_EPOCH_YEAR) + date.month - 1;
}

int64_t sim_month_start(int index)
{
    int64_t years = floor_divide(index, 12);
    struct sim_date date = {SIM_EPOCH_YEAR + (int)years, (int)(index - 12 * years) + 1, 1};
    return sim_time_from_date(date);
}

static int64_t year_start(int year)
{
    int64_t before = year - 1; /* not negative */
    return (before * 365 + before / 4 - before / 100 + before / 400 + MARCH_TO_JANUARY -
            EPOCH_DAYS) *
           SIM_DAY;
}

static int64_t year_length(int year)
{
    return (365 + is_leap(year)) * SIM_DAY;
}

/* From 1901 to 2099 every fourth year is a leap year, which makes it short: the decimal year is
 * asked for in most events. */
static int year_of(int64_t time)
{
    int64_t days = floor_divide(time, SIM_DAY) + 2 * 365; /* since 2017-01-01, after a leap year */
    if (days < 0 || days >= (2100 - 2017) * 365)
        return sim_date_from_time(time).year;
    int64_t in_four = days % (4 * 365 + 1);
    return 2017 + (int)(days / (4 * 365 + 1) * 4 + (in_four - in_four / 1460) / 365);
}

double sim_year(int64_t time)
{
    int year = year_of(time);
    return year + (double)(time - year_start(year)) / (double)year_length(year);
}

int64_t sim_time_from_year(double year)
{
    sim_require(year >= FIRST_YEAR && year < LAST_YEAR + 1, "year %g", year);
    double whole = floor(year);
    double part = (year - whole) * (double)year_length((int)whole);
    return year_start((int)whole) + llround(part);
}

char *sim_time_text(int64_t time, char text[32])
{
    struct sim_date date = sim_date_from_time(time);
    int64_t seconds = floor_divide(time, SIM_SECOND) - floor_divide(time, SIM_DAY) * 86400;
    snprintf(text, 32, "%04d-%02d-%02d %02d:%02d:%02d", date.year, date.month, date.day,
             (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
    return text;
}
