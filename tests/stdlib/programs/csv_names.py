import csv, io, sys
for row in csv.reader(["a,b,c", '1,"x,y",3'], delimiter=","):
    print(row)
print(list(csv.reader(["a;b"], delimiter=";")))
hard = 'a,"b\nc",d\r\n"he said ""hi""", x ,\n\n"q"z,"un\n",\n,,\n'
print(list(csv.reader(io.StringIO(hard))))
print(list(csv.reader(hard.splitlines(True))), list(csv.reader(hard.splitlines())))
print(list(csv.reader(['a, "b c",  d'], skipinitialspace=True)), list(csv.reader(["a\\,b,'c,d'"], escapechar="\\", quotechar="'")))
print(list(csv.reader(["a\tb", '"x"\t'], dialect="excel-tab")), list(csv.reader(['"a",b'], quoting=csv.QUOTE_NONE)))
try:
    print(list(csv.reader(['"a"b'], strict=True)))
except csv.Error as e:
    print("E", e)
try:
    print(list(csv.reader(['"a'], strict=True)))
except csv.Error as e:
    print("E", e)
r = csv.reader(io.StringIO("h1,h2\n1,2\n3,4\n"))
header = next(r)
print(header, [dict(zip(header, row)) for row in r], r.line_num)
out = io.StringIO()
w = csv.writer(out)
w.writerow(["name", "note", 3, 2.5, None, True])
w.writerow(("a,b", 'q"q', "line\nbreak", " sp", ""))
w.writerows([[1, 2], ["x"], [""], []])
print(repr(out.getvalue()))
for quoting in (csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC):
    o = io.StringIO()
    csv.writer(o, quoting=quoting, lineterminator="\n", delimiter="|").writerow(["a|b", 1, 2.5, "x"])
    print(o.getvalue(), end="")
o = io.StringIO()
csv.writer(o, quoting=csv.QUOTE_NONE, escapechar="\\").writerow(["a,b", 'c"d', "e\\f"])
csv.writer(o, doublequote=False, escapechar="\\").writerow(["a,b", 'c"d', "e\\f"])
print(repr(o.getvalue()))
try:
    csv.writer(o, quoting=csv.QUOTE_NONE).writerow(["a,b"])
except csv.Error as e:
    print("E", e)
d = csv.DictReader(io.StringIO("name,age\nAda,36\nBob\n\nCy,1,2\n"), restkey="more")
for row in d:
    print(row, d.line_num)
print(d.fieldnames)
rows = list(csv.DictReader(["1,2", "3,4"], fieldnames=["x", "y"]))
print(rows, sum(int(r["x"]) for r in rows))
dw = csv.DictWriter(sys.stdout, fieldnames=["name", "n"], lineterminator="\n")
dw.writeheader()
dw.writerow({"name": "a", "n": 1})
dw.writerows([{"n": 2, "name": "b"}, {"name": "c"}])
try:
    dw.writerow({"zz": 1, "name": "q"})
except ValueError as e:
    print(e)
dw = csv.DictWriter(out2 := io.StringIO(), fieldnames=["x", "y"], extrasaction="ignore", restval="?", lineterminator="|")
dw.writeheader()
dw.writerow({"x": 1, "y": 2, "z": 3})
dw.writerow({"x": 5})
print(out2.getvalue())
