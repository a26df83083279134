// Package quantity reads and writes spans of time and numbers of bytes as a person
// says them.
package quantity

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Day is the longest unit that has one length.
const Day = 24 * time.Hour

// A unit is one in which people write an amount.
type unit struct {
	name   string
	amount float64
}

// spans are the units of a span of time, sizes those of a number of bytes.
var (
	spans = [...]unit{{"s", float64(time.Second)}, {"m", float64(time.Minute)}, {"h", float64(time.Hour)}, {"d", float64(Day)}, {"w", 7 * float64(Day)}}
	sizes = [...]unit{{"", 1}, {"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"t", 1e12}}
)

// ParseSpan reads a span of time, such as 7d, 12h or 0.
func ParseSpan(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if text == "0" {
		return 0, nil
	}
	value, ok := parse(text, spans[:])
	if !ok {
		return 0, errors.New("it is not a span of time: write 7d, 12h, 30m or 0")
	}
	return time.Duration(value), nil
}

// ParseSize reads a number of bytes, such as 10G, 500MB or 0.
func ParseSize(text string) (int64, error) {
	text = strings.TrimSpace(text)
	value, ok := parse(strings.TrimSuffix(strings.TrimSuffix(text, "B"), "b"), sizes[:])
	if !ok {
		return 0, errors.New("it is not a size: write 10G, 500M or 0")
	}
	return int64(value), nil
}

// parse reads a number and its unit. The largest whole number stands for all that
// are larger.
func parse(text string, units []unit) (value float64, ok bool) {
	number := strings.TrimRightFunc(text, func(c rune) bool { return c != '.' && (c < '0' || c > '9') })
	name := strings.ToLower(strings.TrimSpace(text[len(number):]))
	i := slices.IndexFunc(units, func(u unit) bool { return u.name == name })
	value, err := strconv.ParseFloat(number, 64)
	if i < 0 || err != nil || !(value >= 0) {
		return 0, false
	}
	return min(value*units[i].amount, math.MaxInt64/2), true
}

// Span writes a span of time by its largest unit: "3 days", "1 hour".
func Span(d time.Duration) string {
	for _, unit := range []struct {
		name string
		span time.Duration
	}{{"year", 365 * Day}, {"month", 30 * Day}, {"day", Day}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(d / unit.span); n == 1 {
			return "1 " + unit.name
		} else if n > 1 {
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "less than a minute"
}

// Ago writes how long before now a moment was.
func Ago(now, then time.Time) string {
	if now.Sub(then) < time.Minute {
		return "just now"
	}
	return Span(now.Sub(then)) + " ago"
}

// Size writes a number of bytes: "1.2 GB".
func Size(bytes int64) string {
	value, unit := float64(bytes), 0
	for ; value >= 1000 && unit < len("kMGTP"); unit++ {
		value /= 1000
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %cB", value, "kMGTP"[unit-1])
}
