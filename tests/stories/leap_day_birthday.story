# Born on 29 February: the card goes out every year.
#
# In 2027, which has no such day, the birthday is kept on the 28th, by Berlin's calendar: its day
# begins at 23:00 UTC the evening before. It is listed seven days ahead. A card closes that year only.
# Ben has a birthday, too, but never bought anything: no card for a mere prospect.
covers: 004-29
rules: standard + berlin

2026-11-02 09:00  ana  PurchaseMade  order=A1 amount=40.00EUR
2026-11-02 09:10  ana  DateRecorded  key=birthday month=2 day=29 year=1988
2026-11-02 09:20  ben  DateRecorded  key=birthday month=2 day=29
at 2027-02-20 22:59
  => ana: not owed greeting
at 2027-02-20 23:00
  => ana: owed greeting for birthday from 2027-02-20 23:00 by 2027-02-28 23:00 because date birthday
  => ben: no follow-up greeting
at 2027-02-28 23:00
  => ana: overdue greeting
2027-02-28 23:30  ana  OutreachMade  purpose=GREETING channel=POST
  => done greeting with OutreachMade
at 2028-02-21 22:59
  => not owed greeting
at 2028-02-21 23:00
  => owed greeting from 2028-02-21 23:00 by 2028-02-29 23:00 because date birthday
  => ben: no follow-up greeting
