/* Simulated time: int64 microseconds since 2019-01-01 00:00, and the civil (Gregorian) calendar.
 * Months are counted from January 2019 (index 0). Pure functions, safe from any thread. */
#ifndef SIM_TIME_H
#define SIM_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_SECOND INT64_C(1000000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR   (60 * SIM_MINUTE)
#define SIM_DAY    (24 * SIM_HOUR)

enum { SIM_EPOCH_YEAR = 2019 };

struct sim_date {
    int year, month, day; /* month and day from 1 */
};

/* A day of the years 1 to 9999. */
bool sim_date_valid(struct sim_date date);
/* "2026-07-01", or a year alone, which means 1 January. False where it is neither. */
bool sim_date_parse(const char *text, struct sim_date *date);
int64_t
sim_time_from_date(struct sim_date date); /* midnight at the start of the day; may be negative */
struct sim_date sim_date_from_time(int64_t time);
int sim_days_in_month(int year, int month);
int sim_weekday(int64_t time);      /* 0 Monday ... 6 Sunday */
int sim_month_index(int64_t time);  /* floor; negative before 2019 */
int64_t sim_month_start(int index); /* start of month `index` */
double sim_year(int64_t time);      /* 2024.0 is 1 January 2024, linear within each year */
int64_t sim_time_from_year(double year);
/* "2024-03-07 05:12:33" into text, which has room for 32 bytes; returns text. */
char *sim_time_text(int64_t time, char text[32]);

#endif
