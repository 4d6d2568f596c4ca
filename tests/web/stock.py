"""What the simulated fairs sell: folders of booths.csv, catalogue.csv and
list.csv, as `sim run --stock` takes them.

All fairs of an aggregator share one catalogue, so every folder has the same:
the sample's hundred products and enough invented ones for each origin to show
as many as tests/data/composition.csv says, or some more where it says "more
than". The hostile fair's names are what somebody may type who wants to see a
page, a spreadsheet or a terminal break.
"""
import csv
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLE = os.path.join(ROOT, "config", "sample")
MORE_THAN = 5  # products beyond a number that is only a lower bound

CATALOGUE = ("sku,name,unit,price_vnd,producer,producer_kind,place,group,"
             "stars,certificate,certified_on,expires_on,barcode").split(",")
BOOTHS = "booth,name,origin,stands,place".split(",")
LIST = "booth,code,sku,price_vnd,hotkey".split(",")

HOSTILE = [  # (sku, name of a product, name of a booth, place)
    ("X01", "<script>document.title='owned'</script>",
     "<img src=x onerror=\"document.title='owned'\">", "\"><svg onload=x>"),
    ("X02", "=HYPERLINK(\"http://127.0.0.1/\",\"x\")", "=1+1", "@SUM(A1:A9)"),
    ("X03", "+84 0203 & co. <b>đậm</b>", "-2+3", "=cmd|' /C calc'!A0"),
    ("X04", "&lt;i&gt; &amp; '\" `", "</td></table><h1>x", "a&b=c;d"),
    ("X05", "Chả mực " + "rất " * 9 + "dài", "Khu dài" * 9, "Ở xa"),
]


def read(name):
    with open(name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def sample(name):
    return read(os.path.join(SAMPLE, name))


def composition():
    """By origin: areas, stands and products as numbers where given."""
    path = os.path.join(ROOT, "tests", "data", "composition.csv")
    return {row["origin"]: {
        "areas": int(row["areas"]),
        "stands": int(row["stands"] or 0),
        "products": int(row["products"] or 0),
        "exact": row["exact"] == "yes"} for row in read(path)}


def write(folder, name, columns, rows):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8",
              newline="") as f:
        out = csv.DictWriter(f, columns, restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def invented(booths, n, first):
    """n products, shared out among the booths; (booth, product) of each."""
    groups = ["Thực phẩm", "Đồ uống", "Thảo dược", "Vải, may mặc",
              "Lưu niệm, nội thất, trang trí"]
    for i in range(n):
        booth = booths[i % len(booths)]
        place = booth["place"] or booth["name"]
        yield booth, {
            "sku": "S%04d" % (first + i),
            "name": "Đặc sản %s, loại %d" % (place, i // len(booths) + 1),
            "unit": ["hộp", "gói 500g", "kg", "chai 500ml"][i % 4],
            "price_vnd": str((20 + 7 * i % 190) * 1000),
            "producer": "HTX %s" % place if i % 3 == 0 else "",
            "place": place, "group": groups[i % len(groups)],
            "stars": ["", "3", "4"][i % 3] if booth["origin"] == "in-province"
                     else ""}


def summer():
    """(booths, extra products, list) of the fair with all three origins."""
    booths, listed = sample("booths-summer.csv"), sample("list.csv")
    have = len({row["sku"] for row in listed})
    products, taken = [], {}
    for row in listed:
        taken.setdefault(row["booth"], []).append(int(row["code"]))
    for origin, wanted in composition().items():
        here = [b for b in booths if b["origin"] == origin]
        n = wanted["products"] + (0 if wanted["exact"] else MORE_THAN)
        if origin == "in-province":
            n -= have
        for booth, product in invented(here, n if here else 0, len(products)):
            codes = taken.setdefault(booth["booth"], [])
            codes.append(max([99] + codes) + 1)
            listed.append({"booth": booth["booth"], "code": codes[-1],
                           "sku": product["sku"]})
            products.append(product)
    return booths, products, listed


def hostile():
    booths, products, listed = [], [], []
    for i, (sku, product, booth, place) in enumerate(HOSTILE):
        code = "H%d" % (i + 1)
        booths.append({"booth": code, "name": booth, "stands": "1",
                       "place": place, "origin": "other-province"})
        products.append({"sku": sku, "name": product, "unit": "hộp",
                         "price_vnd": str(50000 + 1000 * i),
                         "producer": booth, "place": place,
                         "group": product[:20].strip()})
        listed += [{"booth": code, "code": "1", "sku": sku},
                   {"booth": code, "code": "2", "sku": "TR01"}]
    return booths, products, listed


def few(n):
    """The first n in-province booths of the sample and what they sell."""
    booths = sample("booths.csv")[:n]
    codes = {b["booth"] for b in booths}
    return booths, [r for r in sample("list.csv") if r["booth"] in codes]


def make(folder):
    """Folders spring, summer, pair and hostile in there."""
    summer_booths, more, summer_list = summer()
    hostile_booths, bad, hostile_list = hostile()
    catalogue = sample("catalogue.csv") + more + bad
    for name, booths, listed in (
            ("spring", sample("booths.csv"), sample("list.csv")),
            ("summer", summer_booths, summer_list),
            ("pair", *few(12)),
            ("hostile", hostile_booths, hostile_list)):
        to = os.path.join(folder, name)
        write(to, "booths.csv", BOOTHS, booths)
        write(to, "catalogue.csv", CATALOGUE, catalogue)
        write(to, "list.csv", LIST, listed)
