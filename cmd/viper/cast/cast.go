// Package cast turns the values that viper holds into the type asked for. What
// cannot be turned is the zero value.
package cast

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ToString returns the text of a value that is no list and no map.
func ToString(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, fmt.Stringer, error:
		return fmt.Sprint(v)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// ToBool returns a value as a truth.
func ToBool(value any) bool {
	text := ToString(value)
	if b, err := strconv.ParseBool(text); err == nil {
		return b
	}
	return ToFloat64(value) != 0
}

// ToFloat64 returns a value as a number.
func ToFloat64(value any) float64 {
	f, _ := strconv.ParseFloat(ToString(value), 64)
	return f
}

func signed[T int | int32 | int64](value any, bits int) T {
	i, err := strconv.ParseInt(ToString(value), 0, bits)
	if err != nil {
		return T(ToFloat64(value))
	}
	return T(i)
}

func unsigned[T uint | uint8 | uint16 | uint32 | uint64](value any, bits int) T {
	i, err := strconv.ParseUint(ToString(value), 0, bits)
	if err != nil {
		return T(max(ToFloat64(value), 0))
	}
	return T(i)
}

// ToInt and its like return a value as a whole number.
func ToInt(value any) int       { return signed[int](value, 0) }
func ToInt32(value any) int32   { return signed[int32](value, 32) }
func ToInt64(value any) int64   { return signed[int64](value, 64) }
func ToUint(value any) uint     { return unsigned[uint](value, 0) }
func ToUint8(value any) uint8   { return unsigned[uint8](value, 8) }
func ToUint16(value any) uint16 { return unsigned[uint16](value, 16) }
func ToUint32(value any) uint32 { return unsigned[uint32](value, 32) }
func ToUint64(value any) uint64 { return unsigned[uint64](value, 64) }

// ToDuration returns a value as a time span; a number counts nanoseconds.
func ToDuration(value any) time.Duration {
	if d, ok := value.(time.Duration); ok {
		return d
	}
	if d, err := time.ParseDuration(ToString(value)); err == nil {
		return d
	}
	return time.Duration(ToInt64(value))
}

// ToTime returns a value as a moment.
func ToTime(value any) time.Time {
	if t, ok := value.(time.Time); ok {
		return t
	}
	t, _ := time.Parse(time.RFC3339, ToString(value))
	return t
}

// list returns what is in a list, each as the function returns it; a text is a
// list of words.
func list[T any](value any, one func(any) T) []T {
	var items []any
	switch v := value.(type) {
	case []T:
		return v
	case []any:
		items = v
	case []string:
		for _, s := range v {
			items = append(items, s)
		}
	case string:
		for _, s := range strings.Fields(v) {
			items = append(items, s)
		}
	}
	out := make([]T, len(items))
	for i, item := range items {
		out[i] = one(item)
	}
	return out
}

// ToStringSlice and its like return a list.
func ToStringSlice(value any) []string          { return list(value, ToString) }
func ToBoolSlice(value any) []bool              { return list(value, ToBool) }
func ToIntSlice(value any) []int                { return list(value, ToInt) }
func ToUintSlice(value any) []uint              { return list(value, ToUint) }
func ToFloat64Slice(value any) []float64        { return list(value, ToFloat64) }
func ToDurationSlice(value any) []time.Duration { return list(value, ToDuration) }

// table returns a map with each value as the function returns it.
func table[T any](value any, one func(any) T) map[string]T {
	out := map[string]T{}
	switch v := value.(type) {
	case map[string]T:
		return v
	case map[string]any:
		for key, item := range v {
			out[key] = one(item)
		}
	case map[any]any:
		for key, item := range v {
			out[ToString(key)] = one(item)
		}
	}
	return out
}

// ToStringMap and its like return a map.
func ToStringMap(value any) map[string]any {
	return table(value, func(item any) any { return item })
}
func ToStringMapString(value any) map[string]string { return table(value, ToString) }
func ToStringMapStringSlice(value any) map[string][]string {
	return table(value, ToStringSlice)
}
