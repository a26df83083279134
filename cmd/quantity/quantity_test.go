package quantity

import (
	"testing"
	"time"
)

func TestParseSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 7 * Day, "0": 0, "0d": 0, "12h": 12 * time.Hour, "1.5h": 90 * time.Minute, "2w": 14 * Day, "30m": 30 * time.Minute,
		" 10 d ": 10 * Day, "20s": 20 * time.Second, "3D": 3 * Day,
	} {
		if got, err := ParseSpan(text); got != want || err != nil {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "7", "d", "-1d", "7y", "7 days ago", "NaNd", "forever", "7d7"} {
		if got, err := ParseSpan(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
	if got, err := ParseSpan("999999999999d"); got <= 0 || err != nil {
		t.Error(got, err)
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "10G": 10e9, "500MB": 500e6, "1.5k": 1500, "12": 12, "2 t": 2e12} {
		if got, err := ParseSize(text); got != want || err != nil {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "G", "-1G", "10X", "all"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestWritten(t *testing.T) {
	now := time.Now()
	for got, want := range map[string]string{
		Span(7 * Day):                     "7 days",
		Span(25 * time.Hour):              "1 day",
		Span(90 * time.Minute):            "1 hour",
		Span(800 * Day):                   "2 years",
		Span(time.Second):                 "less than a minute",
		Ago(now, now.Add(-3*time.Minute)): "3 minutes ago",
		Ago(now, now.Add(time.Hour)):      "just now",
		Size(999):                         "999 B",
		Size(1_250_000_000):               "1.2 GB",
		Size(123_456):                     "123.5 kB",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
