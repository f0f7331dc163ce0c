import calendar
from calendar import monthrange, isleap, SUNDAY
w = calendar.weekday(2024, 2, 29)
print(w, calendar.monthrange(2024,2), calendar.MONDAY, [calendar.SUNDAY], w == calendar.THURSDAY, int(w), monthrange(2023, 2)[1], [y for y in range(1896, 1930) if isleap(y)], calendar.leapdays(2000, 2025))
print([monthrange(2024, m)[1] for m in range(1, 13)], [int(monthrange(2025, m)[0]) for m in range(1, 13)])
print(calendar.month_name[3], list(calendar.month_name)[:3], calendar.day_name[w], calendar.day_abbr[6], calendar.month_abbr[12], len(calendar.month_name), calendar.month_name[1:3])
print(calendar.month(2024, 12), end="")
print(calendar.TextCalendar(SUNDAY).formatmonth(2025, 2))
print(calendar.TextCalendar(calendar.SUNDAY).formatmonth(2023, 10, 4, 2))
print(calendar.monthcalendar(2024, 2))
c = calendar.Calendar(firstweekday=6)
print(c.monthdayscalendar(2024, 9)[0], list(c.itermonthdays(2024, 9))[:9], [d for d, wd in c.itermonthdays2(2024, 9) if wd == 4 and d])
print([str(d) for d in c.itermonthdates(2024, 9)][:3], c.monthdatescalendar(2024, 9)[-1][-1])
calendar.setfirstweekday(calendar.SUNDAY)
calendar.prmonth(2026, 5)
try:
    calendar.monthrange(2024, 13)
except calendar.IllegalMonthError as e:
    print("bad month")
for i, name in enumerate(calendar.day_name):
    print(i, name, end=" ")
print("Friday" in calendar.day_name)
