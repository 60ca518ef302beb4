import { expect, test } from "vitest";
import { htmlToText } from "#gateway/views/html-text.js";

test.each([
  ["<h1>Hello</h1><p>A <b>word</b><br>and more", "Hello\n\nA word\nand more"],
  ["<ul><li>one<li>two</ul><ol><li>first</ol>", "* one\n * two\n\n 1. first"],
  [
    'See <a href="https://a.example/x">here</a>, <a href="https://a.example">https://a.example</a>',
    "See here [https://a.example/x], https://a.example",
  ],
  ["<blockquote>old<br>words</blockquote>new", "> old\n> words\n\nnew"],
  ["Tom &amp; Jerry&#39;s &lt;b&gt;", "Tom & Jerry's <b>"],
  ["<style>p{}</style><script>alert(1)</script><p>seen</p><!-- no -->", "seen"],
  ["<html><head><title>No</title></head><body>Yes</body></html>", "Yes"],
  [
    '<div style="DISPLAY:none">no</div><p hidden>no</p><div style="color:red;display: none">no</div>yes',
    "yes",
  ],
  ["<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a b\nc d"],
  ["<table><tr><td><table><tr><td><p>One</p><p>Two</p></td></tr></table></td></tr></table>", "One\n\nTwo"],
  ["<div>a</div><div><br></div><div><br></div><div>b</div>", "a\n\nb"],
  ["plain text", "plain text"],
  ["", ""],
])("the text of %j is %j", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

const million = (part: string) => part.repeat(Math.ceil(1_000_000 / part.length));

test.each([
  ["elements in each other", million("<div>a")],
  ["elements that end otherwise", million("<b>") + million("</i>")],
  ["quotes in each other", million("<blockquote>a")],
  ["lists in each other", million("<ul><li>a")],
  ["tables in each other", million("<table><tr><td>a")],
  ["paragraphs without end", million("<p>a")],
  ["many lines in deep quotes", "<blockquote>".repeat(30) + million("a<br>")],
  ["half a tag", million("<")],
  ["attributes", `<a ${million("b='c' ")}`],
  ["entities", million("&amp;&#x0;&bogus;")],
  ["white space", million(" \n")],
  ["one word", million("a")],
])("HTML of a million characters is read as far as is sensible: %s", (_, html) => {
  const text = htmlToText(html);
  expect(text.length).toBeLessThan(1_000_100);
  if (html.length > 500_000) expect(text).toMatch(/\[\d+ characters of HTML follow\]$/);
});
