"""Workbooks drawn in the tests: what a spreadsheet program would save, and what none would."""

from __future__ import annotations

import base64
import datetime
import gzip
import io
import zipfile

import xlsxwriter

from analytics.definitions.tables import Tables

OLD_BOOK = gzip.decompress(base64.b85decode(
    "ABzY8000000t4+>O-NKx6#nj;dE;pQjHZDGB0^UF1nQ<1Iwh76D3dMvA+XVTkXSSJoK0=AY?eXLs%RtFqK*A5`k^2CTeOG_T?9d(MXOdpK?|MN"
    "IcM%nju|;ng7LmL_q==0z2CX#-Fwe{cix++(%JD_RdZN^c6g9<^5I*gQ<U=4g#f7DaX6d4`zbjt))eynG?6|N4~kyp@f`Ae&%wY=?^BY%2TDgU"
    "jGkE3s#!&Jh!0`KKD3ckxJsI0REk$+A_qjS7kNWkJ`}lAG#5m+QQKK{7*oNX`t5oZA2e#Et{80hu5jLorWqA@$*cIxMU`r6VwXJ_KEB2(s=bAn"
    "08MC@6}4<Gm*5%-fJ20)?(U|}&RLYxWKZCmQv-ZWNA;5$SHHS?1=4@d*6003@25#zs=s7-fl)X|B}fvqs2jYgK;AzPv#pVNbjZfc(M=0rI2<3e"
    "qVc}L$T}cAGGfs$(ie*oXZYC39Tfhybs}sJQ8a{_S+uZdE#R$Rwu(U3R#7A&R7f&{63LfJAO)z;`RiY%yZb}IKGBSd7pa%XCiWQ)&N73@#Zn_i"
    "!8P^5Xb^c$tZtNimB?~h<#ewLRp`u~F==yNYU`+<R>4eg^P>C~$|pYWyH}m~7~D$v$*#H6<&$rN<EW*VT7>v~jiFIBsw<Zn_k-!X(i_fuk(Iw}"
    "K7J#heRuSmvIGk}+JsV(sS=Nl%9IQ}R;iMQN*--XNjck=5?eevkH{PLwG7XmvyEP{#XMsfo{_~fgtzSl^Xf7@&oVrZ@J!9~2=BG@*OK9x%kWI$"
    "`83ZI-n8)cW_Z3OyvH;jK0Q{<@(HU)yu9sY)+ZSOQy)j#jWXQf2cxb2Cko)gg$oxhT)1%I;*U^rD1#jL_>gGogMFU<uCqWX>3$~pZ_$ewU2*zT"
    "xf@Zs+c=fe`q=<erERGda?;-m83(9$8$;+9KZbH%zx0<zEq<OA69a!QgmUdanTwzQxc?trI9{Uw761S"))
"""An .xls file: sheet Scores, columns patient_id, assessed_on, phq9, remark; P1 twice, P2, a blank row, and P3 in a
cell merged over rows 6 and 7, the second with 300 points."""


def book(**sheets: list[list]) -> bytes:
    """A workbook with a sheet a keyword; dates as dates."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime.date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return target.getvalue()


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A zip archive with a text replaced in one of its members."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for member in before.infolist():
            inside = before.read(member)
            if member.filename == name:
                assert old in inside
                inside = inside.replace(old, new)
            after.writestr(member.filename, inside)
    return target.getvalue()


def sheet_book(rows: str, after: str = "") -> bytes:
    """A workbook whose only sheet has this XML for its rows, and behind them."""
    plain = book(Scores=[["patient_id"]])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        old = archive.read("xl/worksheets/sheet1.xml")
    start, end = old.index(b"<sheetData>"), old.index(b"</sheetData>") + len(b"</sheetData>")
    return changed(plain, "xl/worksheets/sheet1.xml", old[start:end],
                   f"<sheetData>{rows}</sheetData>{after}".encode())


def text_cell(reference: str, text: str) -> str:
    """A cell with its text in itself."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def open_document(rows: str, mimetype: str = "application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    """An .ods file with one sheet."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Scores">{rows}</table:table>'
        '</office:spreadsheet></office:body></office:document-content>')
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return target.getvalue()


def open_row(*cells: object, extra: str = "") -> str:
    """A row of an .ods file: text, numbers, blanks."""
    made = []
    for cell in cells:
        if cell is None:
            made.append("<table:table-cell/>")
        elif isinstance(cell, str):
            made.append(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>')
        else:
            made.append(f'<table:table-cell office:value-type="float" office:value="{cell}"/>')
    return f"<table:table-row{extra}>{''.join(made)}</table:table-row>"


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def accounted(tables: Tables) -> bool:
    """Whether every row of every file is used, named as dropped, or blank."""
    for record in tables.files:
        dropped = {row for one in tables.findings if one.severity == "drops_rows" and one.file == record.name
                   for row in one.rows}
        if not 0 <= record.rows_blank <= record.rows - record.rows_used:
            return False
        if record.rows > record.rows_used + len(dropped) + record.rows_blank:
            return False
    return True
