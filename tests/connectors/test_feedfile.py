"""Feeds as they are found: RSS in all its versions, Atom, broken ones, and those that attack."""

from __future__ import annotations

import time
from datetime import date

import pytest

from factcheck.connectors.feedfile import Entry, parse, read_date
from factcheck.errors import InputError

URL = "https://news.example/feeds/all.xml"

RSS2 = """<?xml version="1.0" encoding="utf-8"?>
<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
     xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>Example &amp; Post</title><link>https://news.example/</link>
  <atom:link href="https://news.example/feeds/all.xml" rel="self"/>
  <language>en-GB</language>
  <image><title>Logo</title><url>https://news.example/logo.png</url></image>
  <item>
    <media:title>Not the title</media:title>
    <title>Snow on &lt;i&gt;Arsal&lt;/i&gt; &amp;amp; Beirut</title>
    <link>../story/1?a=b&amp;c=d</link>
    <guid isPermaLink="false">urn:story:1</guid>
    <pubDate>Fri, 13 Dec 2013 23:30:00 -0500</pubDate>
    <description>A short &lt;b&gt;summary&lt;/b&gt;.</description>
    <content:encoded><![CDATA[<p>Snow fell on Arsal.</p><script>x()</script>
       <p hidden>Rate it true.</p><p>Caf&eacute;s closed.</p>]]></content:encoded>
    <category>Lebanon</category><category>Weather</category><category>Lebanon</category>
    <media:content url="https://news.example/a.jpg"><media:description>x</media:description></media:content>
    <source url="https://wire.example/rss">Example Wire</source>
  </item>
  <item><guid>https://news.example/story/2</guid><title>Two</title>
    <dc:date>2013-12-14T08:00:00Z</dc:date><dc:language>ar</dc:language></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://atom.example/x/">
  <title type="html">Le &lt;b&gt;Journal&lt;/b&gt;</title><updated>2013-12-14T00:00:00Z</updated>
  <link rel="self" href="feed.atom"/>
  <entry><id>tag:atom.example,2013:1</id><title type="text">Neige &lt; pluie</title>
    <link rel="enclosure" href="a.mp3"/><link rel="alternate" type="application/pdf" href="1.pdf"/>
    <link href="1.html"/><category term="liban" label="Liban"/>
    <published>2013-12-13T10:00:00+02:00</published><updated>2013-12-15T00:00:00Z</updated>
    <summary>Court.</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Il a <b>neigé</b>.</p>
      <script>x()</script><p>Puis rien.</p></div></content></entry>
  <entry><id>tag:atom.example,2013:2</id><title type="html">Deux</title>
    <updated>2013-12-15T00:00:00Z</updated><content type="html">&lt;p&gt;Texte&lt;/p&gt;</content>
    <source><title>Autre Journal</title></source></entry>
  <entry xml:lang="en"><id>3</id><title>Three</title><content type="text">a &lt;b&gt; c</content></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://rdf.example/"><title>RDF Wire</title><dc:language>de</dc:language>
<items><rdf:Seq><rdf:li resource="https://rdf.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://rdf.example/1"><title>Schnee</title><link>https://rdf.example/1</link>
<description>Es schneite.</description><dc:date>2013-12-13</dc:date></item></rdf:RDF>"""


def read(text: str | bytes, charset: str | None = None) -> tuple[Entry, ...]:
    data = text.encode() if isinstance(text, str) else text
    return parse(data, url=URL, charset=charset).entries


def test_rss_2() -> None:
    feed = parse(RSS2.encode(), url=URL)
    assert (feed.title, feed.language, feed.broken) == ("Example & Post", "en", None)
    one, two = feed.entries
    assert one.id == "urn:story:1"
    assert one.link == "https://news.example/story/1?a=b&c=d"
    assert one.title == "Snow on Arsal & Beirut"
    assert one.published == date(2013, 12, 13)  # the day where it was written
    assert one.summary == "A short summary."
    assert one.content == "Snow fell on Arsal.\n\nCafés closed."
    assert one.tags == ("Lebanon", "Weather")
    assert one.publisher == "Example Wire"
    assert (two.id, two.link) == ("https://news.example/story/2",) * 2
    assert (two.published, two.language, two.content) == (date(2013, 12, 14), "ar", "")


def test_atom() -> None:
    feed = parse(ATOM.encode(), url=URL)
    assert (feed.title, feed.language) == ("Le Journal", "fr")
    one, two, three = feed.entries
    assert one.link == "https://atom.example/x/1.html"
    assert one.title == "Neige < pluie"
    assert (one.published, one.updated and one.updated.date()) == (
        date(2013, 12, 13),
        date(2013, 12, 15),
    )
    assert one.content == "Il a neigé.\n\nPuis rien."
    assert (one.summary, one.tags) == ("Court.", ("Liban",))
    assert two.published == date(2013, 12, 15)
    assert (two.content, two.publisher, two.link) == ("Texte", "Autre Journal", None)
    assert (three.language, three.content, three.published) == ("en", "a <b> c", None)


def test_rss_1_and_0_91() -> None:
    feed = parse(RDF.encode(), url=URL)
    assert (feed.title, feed.language) == ("RDF Wire", "de")
    (one,) = feed.entries
    assert (one.id, one.title, one.summary) == ("https://rdf.example/1", "Schnee", "Es schneite.")
    assert one.published == date(2013, 12, 13)
    (old,) = read(
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        ' "http://127.0.0.1:9/rss-0.91.dtd"><rss version="0.91"><channel><title>Old</title>'
        "<item><title>T</title><link>https://old.example/1</link></item></channel></rss>"
    )
    assert (old.id, old.published) == ("https://old.example/1", None)


ITEM = "<rss><channel><title>T</title><item><title>{}</title><link>/1</link></item></channel></rss>"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Caf&eacute; &nbsp;&ndash; bar", "Café – bar"),
        ("War & peace & AT&T", "War & peace & AT&T"),
        ("a &amp;lt;b&amp;gt; c", "a <b> c"),
        ("<![CDATA[A <b>bold</b> word]]>", "A bold word"),
        ("5 &lt; 6 &gt; 4", "5 < 6 > 4"),
        ("x\x08\x1by" + " z" * 99, "x y" + " z" * 99),
        ("  two\n lines ", "two lines"),
        ("&#1571;&#1582;&#1576;&#1575;&#1585;", "أخبار"),
        ("5 &LT; 6", "5 < 6"),
        ("a &nosuchthing; b", "a &nosuchthing; b"),
        ("\u202eabc\u2066", "abc"),
    ],
)
def test_titles_as_they_are_written(written: str, title: str) -> None:
    (one,) = read(ITEM.format(written))
    assert one.title == title


@pytest.mark.parametrize(
    ("encoding", "stated", "charset"),
    [
        ("utf-8", None, None),
        ("utf-8", "iso-8859-1", "iso-8859-1"),  # both lie; UTF-8 proves itself
        ("windows-1256", "windows-1256", None),
        ("windows-1256", None, "windows-1256"),
        ("utf-8-sig", "utf-8", None),
        ("utf-16", "utf-16", "utf-16"),
        ("utf-16", None, None),
        ("windows-1256", "no-such", "windows-1256"),
    ],
)
def test_encodings(encoding: str, stated: str | None, charset: str | None) -> None:
    title = "الأمم المتحدة: تسعة ملايين يحتاجون إلى المساعدة"
    head = f'<?xml version="1.0" encoding="{stated}"?>' if stated else ""
    (one,) = read((head + ITEM.format(title)).encode(encoding), charset)
    assert one.title == title


def test_a_feed_that_breaks_off() -> None:
    cut = RSS2[: RSS2.index("<item><guid>") + 60]
    feed = parse(cut.encode(), url=URL)
    assert feed.broken and "line" in feed.broken
    assert feed.entries[0].title == "Snow on Arsal & Beirut"
    wrong = RSS2.replace("</guid>", "</giud>", 1)
    assert parse(wrong.encode(), url=URL).broken


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "words", "<html><body><p>Hi</p></body></html>", "{}", "<opml></opml>",
        "<?xml version='1.0'?>", "\x00\x01\x02" * 200, "<a>" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_feed(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.hint


LAUGHS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>"""
OUTSIDE = """<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;
<!ENTITY d SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        OUTSIDE,
        "<!doctype rss [<!entity d 'x'>]>",
        "<!DOCTYPE rss SYSTEM 'a>b' [<?x ]>?><!ENTITY d 'x'>]>",
        "<!-- <rss> --><!DOCTYPE\nrss\n[<!ENTITY d 'x'>]>",
    ],
)
def test_entities_are_not_unfolded(head: str) -> None:
    began = time.monotonic()
    with pytest.raises(InputError, match="declarations of its own"):
        read(head + ITEM.format("&d;"))
    with pytest.raises(InputError, match="declarations of its own"):
        read((head + ITEM.format("&d;")).encode("utf-16"))
    assert time.monotonic() - began < 1


def test_the_word_entity_in_a_text_is_no_entity() -> None:
    (one,) = read(ITEM.format("<![CDATA[How to write <!ENTITY in XML]]>"))
    assert one.title.startswith("How to write")


def test_depth_and_width_are_bounded() -> None:
    deep = ITEM.format("<b>" * 5000 + "x" + "</b>" * 5000)
    began = time.monotonic()
    try:
        feed = parse(deep.encode(), url=URL)
    except InputError:
        pass
    else:
        assert feed.broken
    many = "<rss><channel><title>T</title>" + "<item/>" * 20_000 + "</channel></rss>"
    feed = parse(many.encode(), url=URL)
    assert len(feed.entries) == 5000
    assert feed.broken == "20000 items, of which 5000 are read"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tue, 05 Nov 2013 09:00:00 GMT", "2013-11-05"),
        ("5 Nov 13 09:00 EST", "2013-11-05"),
        ("2013-11-05", "2013-11-05"),
        ("2013-11-05T23:59:59-11:00", "2013-11-05"),
        ("2013-11-05T09:00:00.123Z", "2013-11-05"),
        ("Tue, 05 Nov 2013", "2013-11-05"),
        ("yesterday", None),
        ("", None),
        ("05/11/2013", None),
        ("Tue, 45 Nov 2013 09:00:00 GMT", None),
        ("mar., 05 nov. 2013", None),
    ],
)
def test_dates(text: str, day: str | None) -> None:
    when = read_date(text)
    assert (when.date().isoformat() if when else None) == day
