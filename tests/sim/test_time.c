#define _DEFAULT_SOURCE /* timegm, the judge of our calendar */
#include "../../sim/path.h"
#include "../../sim/time.h"
#include "../suite.h"
#include "provoke.h"

#include <math.h>
#include <time.h>

enum { EPOCH_UNIX = 1546300800 }; /* 2019-01-01 00:00 UTC */

static void every_day_agrees_with_libc(void)
{
    struct sim_date previous = {1989, 12, 31};
    for (int64_t time = sim_time_from_date((struct sim_date){1990, 1, 1});
         time < sim_time_from_date((struct sim_date){2062, 1, 1}); time += SIM_DAY) {
        time_t seconds = (time_t)(time / SIM_SECOND + EPOCH_UNIX);
        struct tm civil;
        gmtime_r(&seconds, &civil);
        struct sim_date date = sim_date_from_time(time);
        CU_ASSERT_EQUAL_FATAL(date.year, civil.tm_year + 1900);
        CU_ASSERT_EQUAL_FATAL(date.month, civil.tm_mon + 1);
        CU_ASSERT_EQUAL_FATAL(date.day, civil.tm_mday);
        CU_ASSERT_EQUAL_FATAL(sim_weekday(time), (civil.tm_wday + 6) % 7);
        CU_ASSERT_EQUAL_FATAL(timegm(&civil), seconds);
        CU_ASSERT_EQUAL_FATAL(sim_time_from_date(date), time);
        CU_ASSERT_EQUAL_FATAL(sim_month_index(time), 12 * (civil.tm_year - 119) + civil.tm_mon);
        bool new_month = date.month != previous.month;
        CU_ASSERT_EQUAL_FATAL(date.day, new_month ? 1 : previous.day + 1);
        CU_ASSERT_EQUAL_FATAL(new_month,
                              previous.day == sim_days_in_month(previous.year, previous.month));
        previous = date;
    }
}

static void the_last_microsecond_belongs_to_its_day(void)
{
    const struct sim_date dates[] = {{2018, 12, 31}, {2019, 1, 1},   {2024, 2, 29},
                                     {2060, 12, 31}, {1999, 12, 31}, {1, 1, 1}};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        int64_t first = sim_time_from_date(dates[i]), last = first + SIM_DAY - 1;
        struct sim_date date = sim_date_from_time(last);
        CU_ASSERT_EQUAL(date.year, dates[i].year);
        CU_ASSERT_EQUAL(date.month, dates[i].month);
        CU_ASSERT_EQUAL(date.day, dates[i].day);
        CU_ASSERT_EQUAL(sim_month_index(last), sim_month_index(first));
        CU_ASSERT_EQUAL(sim_weekday(last), sim_weekday(first));
        CU_ASSERT_EQUAL(sim_weekday(last + 1), (sim_weekday(first) + 1) % 7);
    }
    CU_ASSERT_EQUAL(sim_time_from_date((struct sim_date){2019, 1, 1}), 0);
    CU_ASSERT_EQUAL(sim_month_index(0), 0);
    CU_ASSERT_EQUAL(sim_month_index(-1), -1);
    CU_ASSERT_EQUAL(sim_weekday(0), 1);
}

static void centuries_follow_the_gregorian_rule(void)
{
    CU_ASSERT_EQUAL(sim_days_in_month(1900, 2), 28);
    CU_ASSERT_EQUAL(sim_days_in_month(2000, 2), 29);
    CU_ASSERT_EQUAL(sim_days_in_month(2100, 2), 28);
    CU_ASSERT_EQUAL(sim_days_in_month(2024, 2), 29);
    CU_ASSERT_EQUAL(sim_days_in_month(2023, 2), 28);
    /* Every 1 March from year 1 to 9999, through all four-century eras. */
    for (int year = 1; year < 9999; year++) {
        struct sim_date march = {year, 3, 1};
        struct sim_date before = sim_date_from_time(sim_time_from_date(march) - SIM_DAY);
        CU_ASSERT_EQUAL_FATAL(before.day, sim_days_in_month(year, 2));
        struct sim_date new_year = {year + 1, 1, 1};
        struct sim_date eve = sim_date_from_time(sim_time_from_date(new_year) - 1);
        CU_ASSERT_EQUAL_FATAL(eve.year * 10000 + eve.month * 100 + eve.day, year * 10000 + 1231);
    }
}

static void months_start_where_the_index_changes(void)
{
    for (int index = -360; index < 520; index++) {
        int64_t start = sim_month_start(index);
        CU_ASSERT_EQUAL_FATAL(sim_month_index(start), index);
        CU_ASSERT_EQUAL_FATAL(sim_month_index(start - 1), index - 1);
        CU_ASSERT_EQUAL_FATAL(sim_date_from_time(start).day, 1);
    }
}

static void decimal_years_go_both_ways(void)
{
    CU_ASSERT_EQUAL(sim_year(sim_time_from_date((struct sim_date){2024, 1, 1})), 2024.0);
    CU_ASSERT_DOUBLE_EQUAL(sim_year(sim_time_from_date((struct sim_date){2024, 7, 1})),
                           2024 + 182.0 / 366, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(sim_year(sim_time_from_date((struct sim_date){2018, 7, 2})),
                           2018 + 182.0 / 365, 1e-12);
    double last = 0;
    for (int64_t time = sim_month_start(-348); time < sim_month_start(504);
         time += 7 * SIM_HOUR + 13) {
        double year = sim_year(time);
        CU_ASSERT_FATAL(year > last);
        /* A double of this size steps by 2^-42 years, about 7 microseconds. */
        CU_ASSERT_FATAL(llabs(sim_time_from_year(year) - time) <= 8);
        last = year;
    }
    for (int year = 1990; year < 2062; year++)
        CU_ASSERT_EQUAL(sim_time_from_year(year),
                        sim_time_from_date((struct sim_date){year, 1, 1}));
}

static void dates_are_read_strictly(void)
{
    struct sim_date date = {7, 7, 7};
    CU_ASSERT_TRUE(sim_date_parse("2026-07-01", &date));
    CU_ASSERT(date.year == 2026 && date.month == 7 && date.day == 1);
    CU_ASSERT_TRUE(sim_date_parse("2031", &date));
    CU_ASSERT(date.year == 2031 && date.month == 1 && date.day == 1);
    CU_ASSERT_TRUE(sim_date_parse("2024-02-29", &date));
    const char *const wrong[] = {
        "",           "20",         "20266",      "2026-7-1",   "2026-07",    "2026-13-01",
        "2026-00-01", "2026-01-00", "2026-02-29", "2026-04-31", "2026/07/01", "2026-07/01",
        "2026-07-1x", "x026-07-01", "2026-x7-01", " 2026",      "2026 ",      "+026",
        "-026",       "0000",       "2026-07-011"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        date = (struct sim_date){7, 7, 7};
        CU_ASSERT_FALSE(sim_date_parse(wrong[i], &date));
        CU_ASSERT(date.year == 7 && date.month == 7 && date.day == 7);
    }
    CU_ASSERT_FALSE(sim_date_valid((struct sim_date){2026, 13, 1}));
    CU_ASSERT_FALSE(sim_date_valid((struct sim_date){2026, 1, 32}));
    CU_ASSERT_FALSE(sim_date_valid((struct sim_date){10000, 1, 1}));
    CU_ASSERT_TRUE(sim_date_valid((struct sim_date){9999, 12, 31}));
}

static void text_shows_date_and_clock(void)
{
    char text[32];
    int64_t time = sim_time_from_date((struct sim_date){2024, 3, 7}) + 5 * SIM_HOUR +
                   12 * SIM_MINUTE + 33 * SIM_SECOND;
    CU_ASSERT_STRING_EQUAL(sim_time_text(time, text), "2024-03-07 05:12:33");
    CU_ASSERT_STRING_EQUAL(sim_time_text(-1, text), "2018-12-31 23:59:59");
    CU_ASSERT_STRING_EQUAL(sim_time_text(0, text), "2019-01-01 00:00:00");
    CU_ASSERT(strlen(sim_time_text(INT64_MAX, text)) < 32);
    CU_ASSERT(strlen(sim_time_text(INT64_MIN, text)) < 32);
}

static void month_13(void)
{
    sim_days_in_month(2026, 13);
}

static void day_of_february(void)
{
    sim_time_from_date((struct sim_date){2026, 2, 29});
}

static void nan_year(void)
{
    sim_time_from_year(NAN);
}

static void wrong_dates_abort(void)
{
    CU_ASSERT(provoke_abort(month_13, "month 13"));
    CU_ASSERT(provoke_abort(day_of_february, "date 2026-2-29"));
    CU_ASSERT(provoke_abort(nan_year, "year"));
}

static void paths_hold_their_ends_and_pass_their_points(void)
{
    const double years[] = {2020.5, 2025, 2031.25, 2040}, values[] = {3.25, -7.5, 11.75, 11.75};
    struct sim_path path = {SIM_LINEAR, 4, years, values};
    for (int step = 0; step < 2; step++) {
        path.interpolate = step ? SIM_STEP : SIM_LINEAR;
        CU_ASSERT_EQUAL(sim_path_at(&path, -INFINITY), 3.25);
        CU_ASSERT_EQUAL(sim_path_at(&path, 1990), 3.25);
        CU_ASSERT_EQUAL(sim_path_at(&path, 2061), 11.75);
        for (size_t i = 0; i < 4; i++)
            CU_ASSERT_EQUAL(sim_path_at(&path, years[i]), values[i]);
    }
    CU_ASSERT_EQUAL(sim_path_at(&path, nextafter(2025, 0)), 3.25);
    CU_ASSERT_EQUAL(sim_path_at(&path, 2030), -7.5);
    path.interpolate = SIM_LINEAR;
    CU_ASSERT_DOUBLE_EQUAL(sim_path_at(&path, 2028.125), (-7.5 + 11.75) / 2, 1e-12);
    path.count = 1;
    CU_ASSERT_EQUAL(sim_path_at(&path, 2050), 3.25);
}

static void empty_path(void)
{
    sim_path_at(&(struct sim_path){0}, 2020);
}

static void a_path_without_points_aborts(void)
{
    CU_ASSERT(provoke_abort(empty_path, "without points"));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every day agrees with libc", every_day_agrees_with_libc},
        {"the last microsecond belongs to its day", the_last_microsecond_belongs_to_its_day},
        {"centuries follow the Gregorian rule", centuries_follow_the_gregorian_rule},
        {"months start where the index changes", months_start_where_the_index_changes},
        {"decimal years go both ways", decimal_years_go_both_ways},
        {"dates are read strictly", dates_are_read_strictly},
        {"text shows date and clock", text_shows_date_and_clock},
        {"wrong dates abort", wrong_dates_abort},
        {"paths hold their ends", paths_hold_their_ends_and_pass_their_points},
        {"a path without points aborts", a_path_without_points_aborts},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_time", tests);
}
