"""How the handout looks: Typst source; ``facts`` is defined before it."""

STYLE = """\
#let ink = rgb("#12161C")
#let quiet = rgb("#4A5360")
#let rule = rgb("#D5DAE1")
#let mark = rgb("#AD5600")
#set document(title: facts.course + ": " + facts.title, author: facts.authors, date: none)
#set text(font: "New Computer Modern", size: 11pt, weight: 450, fill: ink, lang: facts.language)
#show math.equation: set text(font: "New Computer Modern Math", weight: 450)
#set par(leading: 0.68em, justify: false)
#set page(
  paper: "a4",
  margin: (left: 18mm, right: 18mm, top: 22mm, bottom: 20mm),
  header: context if here().page() > 1 {
    set text(9pt, fill: quiet)
    grid(columns: (1fr, auto), [#facts.number #h(0.6em) #facts.title], facts.course)
    v(-2.2mm)
    line(length: 100%, stroke: 0.5pt + rule)
  },
  footer: context {
    set text(9pt, fill: quiet)
    align(center)[#counter(page).display() / #counter(page).final().first()]
  },
)
#show heading.where(level: 1): set text(19pt, weight: 700)
#show heading.where(level: 2): set text(12pt, weight: 700)
#show heading: set block(above: 0pt, below: 5mm)
// Lower than the circle that it shows: lines with a number are as far apart as others.
#let number(n) = box(height: 0.7em, width: 1.2em, baseline: 0.02em, align(center + horizon,
  box(circle(radius: 0.55em, stroke: 0.7pt + mark, inset: 0pt,
    align(center + horizon, text(0.74em, fill: mark, weight: 700, str(n)))))))
#let framed(picture) = block(stroke: 0.5pt + rule, radius: 1mm, clip: true, width: 100%, inset: (y: 1mm), picture)
#let scene(page) = {
  pagebreak(weak: true)
  heading(level: 1, page.title)
  let shown(p) = stack(
    dir: ttb, spacing: 1.2mm,
    framed(image(p.at(1), width: 100%, alt: "Picture " + str(p.at(0)) + ", while these words are said: " + p.at(2))),
    block(above: 0pt, height: 5mm, align(horizon, number(p.at(0)))),
  )
  let large = page.pictures.find(p => p.at(0) == page.poster)
  let small = page.pictures.filter(p => p.at(0) != page.poster)
  shown(large)
  v(2mm)
  if small.len() > 0 {
    let columns = if small.len() in (1, 2, 4) { 2 } else { 3 }
    grid(columns: (1fr,) * columns, column-gutter: 4mm, row-gutter: 3mm, ..small.map(shown))
    v(3mm)
  }
  let prose(size) = {
    set text(size)
    for (n, words) in page.words {
      if n > 0 [#number(n)~]
      [#words ]
    }
  }
  block(height: 1fr, layout(area => {
    let sizes = (12pt, 11pt, 10.5pt, 10pt, 9.5pt, 9pt, 8.5pt, 8pt)
    let size = sizes.find(s => measure(block(width: area.width, prose(s))).height <= area.height)
    prose(if size == none { sizes.last() } else { size })
  }))
}

#let questions(all) = {
  pagebreak(weak: true)
  heading(level: 1)[Questions]
  for (index, (asked, picture, options)) in all.enumerate() {
    block(breakable: false, below: 7mm, {
      heading(level: 2)[Question #(index + 1)]
      v(-2.5mm)
      asked
      if picture != none { v(1mm); block(width: 88mm, framed(picture)) }
      v(1mm)
      grid(columns: (1fr, 1fr), column-gutter: 6mm, row-gutter: 3mm,
        ..options.enumerate().map(((i, o)) => grid(columns: (7mm, 1fr), align: horizon,
          text(weight: 700, fill: quiet, "ABCDEFGH".at(i)),
          text(top-edge: "bounds", bottom-edge: "bounds", o)))) // matrices are higher than a line
    })
  }
}

#let answers(all) = {
  pagebreak(weak: true)
  heading(level: 1)[Answers]
  for (index, (letter, right, why, wrong, mistake)) in all.enumerate() {
    block(breakable: false, below: 6mm, {
      heading(level: 2)[Question #(index + 1): #letter, #right]
      v(-2.5mm)
      why
      if mistake != [] { linebreak(); text(fill: quiet)[Not #wrong: #mistake] }
    })
  }
}

#{
  v(38mm)
  text(13pt, fill: quiet)[#facts.number #h(0.6em) #facts.course]
  v(1mm)
  title(text(34pt, weight: 700, facts.title))
  text(17pt, fill: mark, facts.question)
  v(12mm)
  text(12pt, weight: 700)[After this lecture you can]
  list(spacing: 3.2mm, indent: 2mm, ..facts.objectives)
  v(10mm)
  text(12pt, weight: 700)[Scenes]
  enum(spacing: 2.6mm, indent: 2mm, ..facts.scenes)
  v(1fr)
  set text(9.5pt, fill: quiet)
  facts.source
  parbreak()
  facts.licence
}
"""
