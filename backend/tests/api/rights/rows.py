"""The columns of the table, and rows that many routes share."""

CALLERS = ("owner", "colleague", "viewer", "admin", "anonymous", "revoked", "reader")
"""`reader`: the owner with a token that may only read; `revoked`: with one that was revoked."""

#                                             owner colleague viewer admin anonymous revoked reader
OPEN = "                                       200   200       200    200   200       200     200"
OF_ONES_OWN = "                                200   200       200    200   401       401     200"
UPLOAD = "                                     201   201       403    201   401       401     403"
PRIVATE_READ = "                               200   404       404    200   401       401     200"
TEAM_READ = "                                  200   200       200    200   401       401     200"
NO_FILE = "                                    404   404       404    404   404       404     404"
WRONG_PASSWORD = "                             401   401       401    401   401       401     401"
ADMINS_ONLY = "                                403   403       403    200   401       401     403"
PRIVATE_PAGE = "                               200   404       404    200   303       303     303"
TEAM_PAGE = "                                  200   200       200    200   303       303     303"
ADMINS_PAGE = "                                403   403       403    200   303       303     303"
NOBODY_FOUND = "                               403   403       403    404   303       303     303"
EVERYWHERE = "                                 303   303       303    303   303       303     303"
ONES_OWN_ALONE = "                             200   404       404    404   401       401     200"
PAGE_OF_ONES_OWN = "                           200   404       404    404   303       303     303"
OF_A_VISITOR = "                               200   200       200    200   303       303     303"
SENT = "                                       303   303       303    303   303       303     303"
