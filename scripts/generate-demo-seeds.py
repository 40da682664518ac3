#!/usr/bin/env python3
"""Writes the demo's two seed files, the same bytes every time (fixed seed, standard library only).

    python3 scripts/generate-demo-seeds.py      # rewrites seeds/transactions*.csv

seeds/transactions.csv: 2,000 rows of 1,920 sales of the year 2023 with the dirt of a real export.
seeds/transactions_later.csv: a later delivery of 200 new sales and 50 corrected ones.
Placeholders for missing text are empty fields and `N/A`; fields of blanks alone are avoided, since
loaders disagree about them.
"""

import csv
import datetime as dt
import pathlib
import random

SALES, EXACT_COPIES, SLOPPY_COPIES = 1920, 50, 30
NEW_SALES, CHANGED_SALES = 200, 50
SEEDS = pathlib.Path(__file__).resolve().parent.parent / "seeds"
COLUMNS = (
    "transaction_id customer_id transaction_date product_id product_name quantity price tax "
    "customer_first_name customer_last_name customer_email customer_phone customer_country "
    "customer_city load_timestamp"
).split()

PRODUCTS = {
    "P001": ("EUR/USD spot lot", 108), "P002": ("GBP/USD spot lot", 126), "P003": ("USD/JPY spot lot", 145),
    "P004": ("USD/CHF spot lot", 91), "P005": ("AUD/USD spot lot", 67), "P006": ("USD/CAD spot lot", 135),
    "P007": ("EUR/GBP spot lot", 86), "P008": ("EUR/JPY spot lot", 157), "P009": ("USD/MXN spot lot", 17),
    "P010": ("EUR/USD one-month forward", 212), "P011": ("GBP/USD one-month forward", 240),
    "P012": ("USD/JPY three-month forward", 305), "P013": ("USD/BRL non-deliverable forward", 498),
    "P014": ("USD/INR non-deliverable forward", 415), "P015": ("EUR/USD put option", 75),
    "P016": ("EUR/USD call option", 82), "P017": ("USD/JPY put option", 64),
    "P018": ("Prepaid travel card", 15), "P019": ("Euro bank notes, pack", 200),
    "P020": ("US dollar bank notes, pack", 200), "P021": ("Swiss franc bank notes, pack", 250),
    "P022": ("International transfer", 25), "P023": ("Hedging advice, hour", 180),
    "P024": ("Rate alert subscription", 9), "P025": ("Treasury review", 1205),
}
FIRST_NAMES = (
    "Amara Ana Bruno Chen Chloé Daniel Elif Emma Farid Grace Hana Hugo Ines Ivan José Jun Kofi Lara Leila "
    "Liam Lucía Maria Mateo Mei Nadia Noah Olga Omar Priya Ravi Sara Sofia Thomas Yuki Zoë"
).split()
LAST_NAMES = (
    "Abebe Almeida Bauer Brown Costa Dubois Eriksen Fernández Garcia Haddad Ivanova Johnson Keller Khan Kim "
    "Lopez Martin Mensah Moreau Müller Nakamura Novak Okafor Patel Quinn Rossi Santos Sato Silva Singh "
    "Smith Tanaka Weber Williams Yilmaz Zhang"
).split()
# country as it is usually written: (other spellings, cities, phone patterns)
COUNTRIES = {
    "United States": (("USA", "united states"), ("New York", "Chicago", "Miami"),
                      ("+1 212 555 ####", "(312) 555-####", "001-305-555-####")),
    "United Kingdom": (("UK", "United kingdom"), ("London", "Leeds"), ("+44 20 7946 ####", "0044 113 496 ####")),
    "Germany": (("germany",), ("Berlin", "Frankfurt", "München"), ("+49 30 2312 ####", "0049 69 9000 ####")),
    "France": ((), ("Paris", "Lyon"), ("+33 1 99 00 ## ##",)),
    "Switzerland": ((), ("Zürich", "Genève"), ("+41 44 668 ## ##",)),
    "Japan": (("JAPAN",), ("Tokyo", "Osaka"), ("+81 3-5550-####",)),
    "Brazil": ((), ("São Paulo", "Recife"), ("+55 11 95550-####",)),
    "India": ((), ("Mumbai", "Pune"), ("+91 22 5550 ####",)),
    "Mexico": ((), ("Mérida", "Puebla"), ("+52 999 555 ####",)),
    "Ghana": ((), ("Accra",), ("+233 30 255 ####",)),
}
DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%y", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M")
SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number, joiner):
    """`105` -> `one hundred and five`, with ` and ` or a blank after the hundreds."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        rest = number % 10
        return TENS[number // 10] + (f"-{SMALL[rest]}" if rest else "")
    unit, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, unit)
    text = f"{in_words(head, joiner)} {name}"
    if not rest:
        return text
    return text + (joiner if rest < 100 else " ") + in_words(rest, joiner)


class Desk:
    """Makes customers and sales, and writes them down as carelessly as people do."""

    def __init__(self):
        self.random = random.Random(20230711)
        self.customers = [self.customer(number) for number in range(1, 181)]

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def customer(self, number):
        country = self.random.choice(list(COUNTRIES))
        _, cities, phones = COUNTRIES[country]
        first, last = self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
        phone = "".join(str(self.random.randrange(10)) if c == "#" else c for c in self.random.choice(phones))
        mail = f"{first}.{last}{number}@example.".lower().translate(str.maketrans("éíúüáëñ", "eiuuaen"))
        return {
            "customer_id": f"C{number:04}",
            "customer_first_name": first,
            "customer_last_name": last,
            "customer_email": mail + self.random.choice(("com", "org", "net", "co.uk", "de", "jp")),
            "customer_phone": phone,
            "customer_country": country,
            "customer_city": self.random.choice(cities),
        }

    def sale(self, number, first_day, days):
        """One sale as it truly happened: dates and numbers are values, nothing is missing."""
        product_id, (name, price) = self.random.choice(list(PRODUCTS.items()))
        moment = dt.datetime.combine(first_day, dt.time()) + dt.timedelta(
            days=self.random.randrange(days), seconds=self.random.randrange(7 * 3600, 19 * 3600))
        sale = dict(self.random.choice(self.customers))
        sale.update(
            transaction_id=str(number), transaction_date=moment, product_id=product_id, product_name=name,
            quantity=self.random.randrange(1, 25), price=price * 100 + self.random.choice((0, 0, 0, 25, 50, 99)))
        sale["tax"] = self.random.choice((0, 500, 1500, sale["price"] // 10, sale["price"] // 5))
        return sale

    def written(self, sale, load, whole=False):
        """The sale as a dirty row. `whole` rows lose neither ids nor the quantity."""
        row = dict(sale, load_timestamp=load)
        row["transaction_date"] = self.date(sale["transaction_date"])
        row["price"], row["tax"] = self.money(sale["price"]), self.money(sale["tax"])
        if sale["tax"] == 0 and self.chance(30):
            row["tax"] = ""
        row["customer_country"] = self.country(sale["customer_country"])
        for column in ("customer_first_name", "customer_last_name", "customer_city", "product_name"):
            row[column] = self.padded(row[column])
        if self.chance(10):
            row["customer_email"] = row["customer_email"].upper()
        for column, percent in (("customer_email", 3), ("customer_phone", 4), ("customer_city", 2)):
            if self.chance(percent):
                row[column] = self.random.choice(("", "", "N/A"))
        for column, percent in (("quantity", 4), ("customer_id", 2), ("product_id", 2)):
            if not whole and self.chance(percent):
                row[column] = ""
        return row

    def date(self, moment):
        return moment.strftime(self.random.choice(DATE_FORMATS))

    def money(self, cents):
        if cents % 100 == 0 and self.chance(25):
            words = in_words(cents // 100, self.random.choice((" and ", " ")))
            return self.random.choice((words, words.title(), words.upper()))
        if cents % 100 == 0 and self.chance(50):
            return str(cents // 100)
        return f"{cents // 100}.{cents % 100:02}"

    def country(self, name):
        others = COUNTRIES[name][0]
        return self.random.choice(others) if others and self.chance(25) else self.padded(name)

    def padded(self, text):
        if not self.chance(6):
            return text
        return self.random.choice((f" {text}", f"{text} ", f"  {text} ", text.replace(" ", "  ") + " "))


def month_after(moment):
    """When a sale reached the warehouse: in the early morning of the next month's first day."""
    first = (moment.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return first.strftime("%Y-%m-01 06:00:00")


def first_delivery(desk):
    sales = [desk.sale(100001 + i, dt.date(2023, 1, 1), 365) for i in range(SALES)]
    rows = [desk.written(sale, month_after(sale["transaction_date"])) for sale in sales]
    copies = [dict(desk.random.choice(rows)) for _ in range(EXACT_COPIES)]
    for row, sale in desk.random.sample(list(zip(rows, sales)), SLOPPY_COPIES):
        copies.append(dict(row, transaction_date=desk.date(sale["transaction_date"])))
    for copy in copies:
        rows.insert(desk.random.randrange(len(rows)), copy)
    return sales, rows


def later_delivery(desk, sales):
    load = "2024-02-01 06:00:00"
    news = [desk.sale(200001 + i, dt.date(2024, 1, 1), 31) for i in range(NEW_SALES)]
    rows = [desk.written(sale, load) for sale in news]
    for sale in desk.random.sample(sales, CHANGED_SALES):
        changed = dict(sale, quantity=sale["quantity"] + desk.random.randrange(1, 9), price=sale["price"] + 150)
        rows.append(desk.written(changed, load, whole=True))
    desk.random.shuffle(rows)
    return rows


def write(name, rows):
    with open(SEEDS / name, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


if __name__ == "__main__":
    desk = Desk()
    sales, rows = first_delivery(desk)
    write("transactions.csv", rows)
    write("transactions_later.csv", later_delivery(desk, sales))
