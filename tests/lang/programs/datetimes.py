# %% timedeltas
from datetime import timedelta
t = timedelta(days=1, hours=2.5)
print(t, repr(t), t * 2, t / 3, t * 0.3, t // timedelta(hours=1), t % timedelta(hours=1), divmod(t, timedelta(hours=1)))
print(timedelta(), timedelta(-1), timedelta(seconds=-1), timedelta(microseconds=1.5), timedelta(microseconds=2.5), timedelta(0.1), timedelta(weeks=1.1, milliseconds=3.3))
print(timedelta(days=2).total_seconds(), timedelta(milliseconds=1).total_seconds(), timedelta(hours=1) / timedelta(minutes=7))
print(-t, abs(-t), +t, t + t, t - timedelta(3), t == timedelta(hours=26.5), t < timedelta(3), t >= timedelta(1), bool(timedelta()), 2 * t, 0.5 * t)
print(t.days, t.seconds, t.microseconds, repr(-t), (-t).days, (-t).seconds, str(timedelta(days=-1, hours=3, microseconds=5)))
print(sum([timedelta(1), timedelta(hours=3)], timedelta()), max(timedelta(1), timedelta(2)), sorted([timedelta(3), timedelta(1)]), {timedelta(1): 1}[timedelta(hours=24)])
for i in range(1, 40):
    d = timedelta(days=i * 3, seconds=i * 7919, microseconds=i * 104729 % 999983)
    print(d * (i / 7), d / (i / 11), d / i, d // i, repr(timedelta(days=i / 7, hours=i / 13, minutes=i / 3, seconds=i * 0.1, microseconds=i * 0.5)))
for us in range(1, 30):
    print(timedelta(microseconds=us) * 0.3, timedelta(microseconds=us) * 0.5, timedelta(microseconds=us) / 0.7, timedelta(microseconds=us) / 2, end=";")
print()
# %% dates
from datetime import date, timedelta, datetime
import datetime as dt
d = date(2024, 2, 29)
print(d, repr(d), d.weekday(), d.isoweekday(), d.isocalendar(), d.toordinal(), d.isoformat(), d.year, d.month, d.day)
print(d + timedelta(days=1), d - timedelta(days=366), d - date(2023, 1, 1), (date(2025, 1, 1) - d).days, d.replace(day=1), d.replace(year=2023, day=28))
print(d < date(2024, 3, 1), d == date(2024, 2, 29), d != date(1, 1, 1), max(d, date(2020, 1, 1)), {d: "x"}[date(2024, 2, 29)], sorted([d, date(2000, 1, 1)]))
print(date.fromordinal(738000), date.fromisoformat("2021-12-31"), date.fromisoformat("20211231"), date.fromtimestamp(86400 * 365))
print(d.strftime("%Y-%m-%d %A %a %B %b %j %U %W %w %d/%m/%y %G %V %u %e %% %-d %-m"), f"{d:%d.%m.%Y}", f"{d}", f"{d!r}", format(d), d.ctime())
for bad in [(2023, 2, 29), (2023, 13, 1), (0, 1, 1), (2023, 4, 31), (2023, 1, 0), (10000, 1, 1)]:
    try:
        print(date(*bad))
    except ValueError as e:
        print(e)
for text in ["2021-2-03", "x", "2021-13-01", "2021-02-30"]:
    try:
        print(date.fromisoformat(text))
    except ValueError as e:
        print(e)
for n in range(1, 3652059, 40013):
    x = date.fromordinal(n)
    assert x.toordinal() == n
    print(x, x.weekday(), x.isocalendar()[1], x.strftime("%j %U %W"), end=" ")
print()
for y in (1, 1900, 1999, 2000, 2023, 2024, 2026, 9999):
    print(date(y, 12, 31).isocalendar(), date(y, 1, 1).isocalendar(), tuple(date(y, 1, 1).isocalendar()), date(y, 12, 31).strftime("%j %U %W %V %G"))
try:
    print(date(9999, 12, 31) + timedelta(1))
except OverflowError as e:
    print(e)
try:
    print(date(1, 1, 1) - timedelta(1))
except OverflowError as e:
    print(e)
print(dt.date(2020, 5, 17) - dt.timedelta(weeks=2), dt.datetime(2020, 5, 17) == dt.date(2020, 5, 17), isinstance(dt.datetime(2020, 5, 17), dt.date))
start = date(2024, 1, 30)
print([str(start + timedelta(days=i)) for i in range(4)])
def age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
print(age(date(1990, 6, 15), date(2024, 6, 14)), age(date(1990, 6, 15), date(2024, 6, 15)))
def last_day(d):
    nxt = d.replace(day=28) + timedelta(days=4)
    return nxt - timedelta(days=nxt.day)
print(last_day(date(2023, 2, 3)), last_day(date(2024, 2, 3)), last_day(date(2024, 12, 1)))
# %% datetimes
from datetime import datetime, date, time, timedelta, timezone
n = datetime(2024, 3, 15, 14, 5, 9, 123)
print(n, repr(n), n.isoformat(), n.isoformat(" "), n.isoformat(timespec="minutes"), n.isoformat(sep="_", timespec="milliseconds"), n.date(), n.time(), repr(n.time()))
print(datetime(2024, 1, 1), repr(datetime(2024, 1, 1)), repr(datetime(2024, 1, 1, 2, 3, 4)), datetime(2024, 1, 1, 5).isoformat())
print(n + timedelta(hours=10), n - timedelta(days=1, seconds=3), n - datetime(2023, 1, 1), (n - datetime(2024, 3, 15)).total_seconds(), n.replace(hour=0, minute=0), n.replace(year=2000))
print(n.strftime("%Y-%m-%d %H:%M:%S.%f"), n.strftime("%I:%M %p"), n.strftime("%c|%x|%X|%D|%T|%F|%R"), f"{n:%H:%M}", n.strftime("%-H:%-M %-I"), n.strftime("no codes"), n.strftime("%a, %d %b %Y"))
print(n < datetime(2025, 1, 1), n == datetime(2024, 3, 15, 14, 5, 9, 123), n.weekday(), n.isoweekday(), n.isocalendar(), n.toordinal(), n.timestamp(), n.hour, n.minute, n.second, n.microsecond)
for text, f in [("2024-01-31", "%Y-%m-%d"), ("31/01/24 23:59", "%d/%m/%y %H:%M"), ("Jan 5, 2023", "%b %d, %Y"), ("January 5 2023 3:07 PM", "%B %d %Y %I:%M %p"), ("Tue Mar  4 2025", "%a %b %d %Y"), ("2024-060", "%Y-%j"), ("20240131T235959", "%Y%m%dT%H%M%S"), ("12:30:15.5", "%H:%M:%S.%f"), ("2024-01-31 10:00 +0530", "%Y-%m-%d %H:%M %z"), ("1/2/2024", "%m/%d/%Y"), ("12 AM", "%I %p"), ("69", "%y"), ("68", "%y"), ("2024-01-31T10:00:00Z", "%Y-%m-%dT%H:%M:%S%z")]:
    print(repr(datetime.strptime(text, f)))
for text, f in [("2024-13-01", "%Y-%m-%d"), ("2024-01-31x", "%Y-%m-%d"), ("24-01-31", "%Y-%m-%d"), ("hello", "%Y"), ("2023-02-30", "%Y-%m-%d"), ("", "%d")]:
    try:
        print(datetime.strptime(text, f))
    except ValueError as e:
        print(e)
for text in ["2024-01-31", "2024-01-31T10:20", "2024-01-31 10:20:30", "2024-01-31T10:20:30.5", "2024-01-31T10:20:30.123456", "20240131T102030", "2024-01-31T10:20:30+02:00", "2024-01-31T10:20:30Z", "2024-01-31T10:20:30-05:30", "2024-01-31T10"]:
    print(repr(datetime.fromisoformat(text)), end=" ")
print()
for text in ["2024-01-31T25:00", "2024-1-31", "nope", "2024-01-31T1:00", "2024-01-31T10:2"]:
    try:
        print(datetime.fromisoformat(text))
    except ValueError as e:
        print(e)
print(datetime.combine(date(2020, 1, 2), time(3, 4)), datetime.fromtimestamp(1700000000, timezone.utc), datetime.fromtimestamp(1700000000.5, tz=timezone.utc).isoformat(), datetime.fromordinal(738000))
u = datetime(2024, 1, 1, 12, tzinfo=timezone.utc)
e = timezone(timedelta(hours=-5), "EST")
print(u, repr(u), u.astimezone(e), repr(u.astimezone(e)), u.astimezone(e) == u, u.utcoffset(), u.tzname(), u.astimezone(e).tzname(), u - u.astimezone(e), u.timestamp(), u.strftime("%z %Z"), n.tzinfo, u.tzinfo, u.replace(tzinfo=None), hash(u) == hash(u.astimezone(e)))
print(timezone(timedelta(hours=5, minutes=30)), repr(timezone(timedelta(hours=5, minutes=30))), repr(e), timezone.utc, repr(timezone.utc), timezone.utc == timezone(timedelta(0)))
try:
    print(u < n)
except TypeError as err:
    print(err)
try:
    print(u - n)
except TypeError as err:
    print(err)
print(u == n, u != n)
t = time(9, 5)
print(t, repr(t), t.isoformat(), t.strftime("%H.%M %p"), t < time(10), t == time(9, 5), t.replace(hour=1), time.fromisoformat("04:05:06"), time(1, 2, 3, 4), repr(time(1, 2, 3)), time.fromisoformat("12:30"), {t: 1}[time(9, 5)], f"{t:%H:%M}", t.hour)
for args in [(24, 0, 0, 0), (0, 60, 0, 0), (0, 0, 60, 0), (0, 0, 0, 1000000)]:
    try:
        print(datetime(2024, 1, 1, *args))
    except ValueError as e:
        print(e)
now = datetime.now()
print(now - now, type(now).__name__, (datetime.now() - now) < timedelta(seconds=60), date.today() == datetime.now().date(), datetime.now(timezone.utc).tzinfo, datetime.today().year >= 2024)
events = [("b", datetime(2024, 5, 1)), ("a", datetime(2023, 5, 1))]
for name, when in sorted(events, key=lambda x: x[1]):
    print(f"{name}: {when:%b %d %Y}")
class Task:
    def __init__(self, title, due):
        self.title, self.due = title, due
    def overdue(self, now):
        return now > self.due
print([t.title for t in [Task("x", datetime(2020, 1, 1)), Task("y", datetime(2030, 1, 1))] if t.overdue(datetime(2024, 1, 1))])
import json
print(json.dumps({"at": n.isoformat()}))
# %% dates_and_datetimes_mixed
import datetime
from datetime import datetime as DT
print(datetime.datetime(2024, 1, 1) + datetime.timedelta(1), datetime.MINYEAR, DT(2024, 5, 6).strftime("%d"))
def f(d: datetime.date) -> str:
    return d.isoformat() + d.replace(day=1).isoformat() + str(d + datetime.timedelta(1)) + f"{d:%d}" + repr(d)
print(f(datetime.date(2024, 1, 2)), f(datetime.datetime(2024, 1, 2)))
class Birthday(datetime.date):
    pass
xs = [datetime.date(2024, 1, 1), datetime.datetime(2024, 1, 1)]
for x in xs:
    print(x, isinstance(x, datetime.datetime), x.year, type(x).__name__)
try:
    print(xs[0] < xs[1])
except TypeError as e:
    print(e)
print(xs[0] == xs[1], xs[1] - datetime.datetime(2023, 1, 1))
# %% least_and_greatest
from datetime import datetime, date, timedelta
print(datetime.min, datetime.max, date.min, date.max, timedelta.resolution, repr(timedelta.resolution))
best = datetime.max
for d in [datetime(2024, 1, 1), datetime(2023, 1, 1)]:
    best = min(best, d)
print(best)
x = date(2024, 1, 1)
print(x.max, datetime(2024, 1, 1).min)
# %% what_strptime_refuses
from datetime import datetime
for text, form in [("+05", "%z"), ("12", "%"), ("10/10/10", "%D"), ("0", "%m"), ("13", "%m"), ("December 3", "%b %d"), ("+0530", "%z"), (" 5x", "%dx"), ("Saturday01", "%A%d"), ("12:00am", "%I:%M%p")]:
    try:
        print(repr(datetime.strptime(text, form)))
    except ValueError as e:
        print(e)
# %% what_a_date_has_not
import datetime as dt
from decimal import Decimal
for what in (lambda: dt.date(2024, 1, 1).title, lambda: dt.timedelta(days=1).year, lambda: Decimal(1).upper()):
    try:
        print(what())
    except AttributeError as e:
        print(e)
