#!/usr/bin/env python3
"""Records what dbt Core's Jinja prints for small templates into tests/it/jinja_corpus.json.

Run it with a Python that has dbt Core installed; karat's tests then render the same templates and
compare. A template that fails is recorded with the class of the error.
"""
import argparse
import datetime
import json
import pathlib
import random
import re
import sys
from decimal import Decimal

from dbt_common.clients.jinja import get_environment
from dbt.context.base import BaseContext, get_context_modules
from dbt.flags import set_from_args

CASES = {
    "print": r"""
{{ none }}|{{ true }}|{{ false }}|{{ 1 }}|{{ 1.0 }}
{{ 1e16 }}|{{ 1.5e-7 }}|{{ 0.1 + 0.2 }}|{{ 1e15 }}|{{ 123456789.123 }}|{{ 0.0001 }}|{{ 0.00001 }}
{{ -0.0 }}|{{ 1e22 }}|{{ 1e100 }}|{{ 5e-324 }}|{{ 2.0 ** 60 }}
{{ [1, 'a', none, true, 1.5] }}
{{ [1e16, 0.1] }}
{{ (1,) }}|{{ (1, 2) }}|{{ () }}
{{ {'a': 1, 'b': [1, {'c': none}]} }}
{{ {} }}|{{ [] }}|{{ '' }}
{{ ["it's"] }}|{{ ['say "x"'] }}|{{ ['it\'s "x"'] }}
{{ ['a\nb\tc\\d'] }}
{{ ['é', '\x00', '\x7f', '日本'] }}
{{ [[], [[]], [[1], (2,)]] }}
{{ {1: 'a', none: 2, true: 3} }}
{{ {(1, 2): 3} }}
{% set a = [1] %}{% do a.append(a) %}{{ a }}
{% set d = {} %}{% do d.update({'d': d}) %}{{ d }}
{% set a = [1] %}{% set b = a %}{% do b.append(2) %}{{ a }}
{{ 10000000000000000000000 }}
{{ 'a' ~ 1 ~ none ~ 1.0 ~ [1.5] }}
{{ 1e16 ~ '' }}
{{ undefined_name }}|{{ [undefined_name] | length }}
{{ dec }}|{{ [dec] }}|{{ dec ~ 'x' }}
{{ 1_000 }}|{{ 0xff }}|{{ 0b11 }}|{{ 0o17 }}
{{ "a" "b" }}
{{ [true, false, none] | string }}
""",
    "operators": r"""
{{ 7 / 2 }}|{{ 6 / 2 }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ 7 // -2 }}|{{ 7.5 // 2 }}
{{ 7 % 3 }}|{{ -7 % 3 }}|{{ 7 % -3 }}|{{ 7.5 % 2 }}|{{ -7.5 % 2 }}
{{ 2 ** 10 }}|{{ 2 ** -1 }}|{{ 2 ** 0.5 }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 % 0 }}
{{ 1.5 % 0 }}
{{ 'a' + 'b' }}|{{ [1] + [2] }}|{{ (1,) + (2,) }}
{{ 'a' + 1 }}
{{ 1 + 'a' }}
{{ [1] + (2,) }}
{{ none + 1 }}
{{ undefined_name + 1 }}
{{ 'ab' * 3 }}|{{ 3 * 'ab' }}|{{ [1, 2] * 2 }}|{{ (1,) * 3 }}|{{ 'a' * -1 }}
{{ 'a' * 1.5 }}
{{ true + true }}|{{ true * 3 }}|{{ 1 - true }}
{{ 'a' - 'b' }}
{{ -5 }}|{{ +5 }}|{{ - (3 + 2) }}|{{ -true }}
{{ -'a' }}
{{ 1 < 2 < 3 }}|{{ 1 < 3 < 2 }}|{{ 1 == 1.0 }}|{{ true == 1 }}|{{ 'a' == 'a' }}|{{ 'a' != 'b' }}
{{ [1, 2] == [1, 2] }}|{{ (1, 2) == [1, 2] }}|{{ {'a': 1} == {'a': 1} }}|{{ none == false }}
{{ 'a' < 'b' }}|{{ [1, 2] < [1, 3] }}|{{ 'Z' < 'a' }}
{{ 1 in [1, 2] }}|{{ 'b' in 'abc' }}|{{ 'k' in {'k': 1} }}|{{ 3 not in [1] }}
{{ 'x' if false }}|{{ 'x' if true else 'y' }}
{{ 0 or 'a' }}|{{ 1 and 'b' }}|{{ not 0 }}|{{ none or [] }}|{{ [] and 1 }}
{{ 'abc'[0] }}|{{ 'abc'[-1] }}|{{ [1, 2, 3][-1] }}|{{ (1, 2)[1] }}
{{ 'abcdef'[1:4] }}|{{ 'abcdef'[::-1] }}|{{ 'abcdef'[::2] }}|{{ 'abcdef'[-3:] }}|{{ 'abcdef'[:-1] }}|{{ 'abc'[5:] }}
{{ [1, 2, 3, 4, 5][1:3] }}|{{ [1, 2, 3, 4, 5][::-2] }}|{{ [1, 2, 3][10:] }}|{{ (1, 2, 3)[:2] }}|{{ [1, 2, 3][-100:2] }}
{{ [1, 2, 3][::0] }}
{{ 5[1:2] }}
{% set a = [1, 2, 3] %}{% set b = a[:] %}{% do b.append(4) %}{{ a }}{{ b }}
{{ '%s and %s' % ('a', 1) }}|{{ '%s' % 'x' }}|{{ '%s' % [1, 2.5] }}|{{ '%d%%' % 5 }}
{{ '%05d|%-5d|%+d|%x|%X|%o' % (42, 42, 42, 255, 255, 8) }}
{{ '%.2f|%8.3f|%e|%g' % (3.14159, 2.5, 12345.678, 0.0001) }}
{{ '%(a)s-%(b)03d' % {'a': 'x', 'b': 7} }}
{{ '%r|%5s|%-5s|' % ('a', 'b', 'c') }}
{{ '%s %s' % 'a' }}
{{ '%s' % ('a', 'b') }}
{{ '%d' % 'a' }}
{{ '%d' % 3.9 }}|{{ '%s' % none }}|{{ '%s' % true }}|{{ '%s' % 1e16 }}
{{ '%c' % 65 }}|{{ '%.3s' % 'abcdef' }}|{{ '%*d' % (5, 42) }}
{{ dec + 1 }}|{{ dec * 2 }}|{{ dec - dec }}|{{ 3 / dec }}|{{ -dec }}|{{ dec // 1 }}|{{ dec % 1 }}
{{ dec + 1.5 }}
{{ dec / 0 }}
{{ 9223372036854775807 + 1 }}
{{ 1 ~ 2 + 3 }}
{{ 2 + 3 * 4 - 6 / 2 }}
{{ (2 + 3) * 4 }}
{{ 10 - 3 - 2 }}
{{ 1.0 + 1 }}|{{ 3.0 * 2 }}|{{ 2.5 - 0.5 }}
{{ dec > 1 }}|{{ dec < 1.6 }}|{{ dec == 1.5 }}|{{ 2 > dec }}|{{ dec >= dec }}|{{ dec == 1 }}|{{ dec != 1 }}|{{ dec in [1.5] }}
{{ 'x' if dec > 1 else 'y' }}|{{ 1 < dec < 2 }}
{{ 'a' < 1 }}
{{ none < 1 }}
{{ [1] < 'a' }}
{{ {} < {} }}
{{ undefined_name < 1 }}
{{ undefined_name == 1 }}|{{ undefined_name != 1 }}|{{ undefined_name == undefined_other }}
{{ 1 in 5 }}
{{ 1 in 'abc' }}
{{ 'a' in undefined_name }}
{{ none in [none] }}|{{ (1, 2) in [(1, 2)] }}|{{ [1] in [[1]] }}|{{ 1.0 in [1] }}|{{ true in [1] }}
{{ undefined_name[1:2] }}
{{ {}[1:2] }}|{{ none[1:2] }}|{{ 'abc'[1.5:2] }}
{{ 'abc'['x'] }}|{{ [1]['x'] }}|{{ 5['x'] }}|{{ none['x'] }}|{{ none.x }}|{{ 'abc'.x }}|{{ [1].x }}
{{ undefined_name.x }}
{{ undefined_name() }}
{{ none() }}
{{ 5() }}
{{ 1.5 // 0.5 }}|{{ 7 // 2.0 }}|{{ 1e308 * 10 }}|{{ -1e308 * 10 }}|{{ 5 % 2.5 }}|{{ -5 % 2.5 }}
{{ 2 ** 100 }}|{{ (-2) ** 3 }}|{{ -2 ** 2 }}|{{ 4 ** 0.5 }}|{{ 0 ** 0 }}|{{ 10 ** -2 }}
{{ 'é' * 2 }}|{{ [] * 5 }}|{{ '' + '' }}|{{ () + () }}
{{ '%5.1f|%-8s|%08.3f|%+.2e' % (1.25, 'ab', 3.14159, 12345.6789) }}|{{ '%s' % (1,) }}|{{ '%s' % ((1, 2),) }}|{{ '%%' % () }}|{{ '%i %u' % (1, 2) }}|{{ '%#x %#o' % (255, 8) }}|{{ '% d' % 5 }}|{{ '%.0f' % 2.5 }}|{{ '%g %g %g' % (1e10, 0.0001, 123456789.0) }}|{{ '%G' % 1e-10 }}|{{ '%s %s' % ({'a': 1}, [none]) }}|{{ '%s' % {'a': 1} }}|{{ '%(a)s' % {'a': [1]} }}|{{ '%(a)5.2f|%(a)s' % {'a': 1.5} }}|{{ '%d' % true }}|{{ '%d' % dec }}|{{ '%.3f' % dec }}|{{ '%s' % dec }}|{{ '%a' % 'é' }}
{{ '%(a)s' % {} }}
{{ '%(a)s' % 5 }}
{{ '%z' % 5 }}
{{ '%' % () }}
{{ not none }}|{{ not [] }}|{{ not '' }}|{{ not 0.0 }}|{{ not {} }}|{{ not 'a' }}|{{ not dec }}|{{ not undefined_name }}
{{ 1 if [] else 2 }}|{{ 1 if '0' else 2 }}|{{ 1 if 0.0 else 2 }}|{{ 1 if (0,) else 2 }}
""",
    "str": r"""
{{ 'hello world'.capitalize() }}|{{ 'HeLLo'.lower() }}|{{ 'HeLLo'.upper() }}|{{ "they're here".title() }}|{{ 'aBc'.swapcase() }}|{{ 'Straße'.casefold() }}
{{ 'a'.center(5) }}|{{ 'ab'.center(5, '*') }}|{{ 'abc'.center(6, '-') }}|{{ 'a'.ljust(3) }}|{{ 'a'.rjust(3, '0') }}|{{ 'abc'.center(2) }}
{{ 'banana'.count('an') }}|{{ 'banana'.count('a', 2) }}|{{ 'banana'.count('a', 2, 4) }}|{{ 'abc'.count('') }}
{{ 'abc'.endswith('c') }}|{{ 'abc'.endswith(('x', 'c')) }}|{{ 'abc'.startswith('b', 1) }}|{{ 'abc'.startswith('a') }}
{{ 'abc'.startswith(1) }}
{{ 'a\tb'.expandtabs(4) }}|{{ 'a\tb'.expandtabs() }}
{{ 'banana'.find('n') }}|{{ 'banana'.find('n', 3) }}|{{ 'banana'.find('x') }}|{{ 'banana'.rfind('n') }}|{{ 'banana'.index('n') }}|{{ 'banana'.rindex('a') }}
{{ 'abc'.index('x') }}
{{ 'é日x'.find('x') }}
{{ '{} {}'.format('a', 1) }}|{{ '{1} {0}'.format('a', 'b') }}|{{ '{a}'.format(a=1) }}|{{ '{0[0]} {d[k]}'.format([1], d={'k': 2}) }}
{{ '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd') }}
{{ '{:05d}|{:,}|{:.2f}|{:x}|{:b}|{:e}|{:%}'.format(42, 1234567, 3.14159, 255, 5, 12345.678, 0.25) }}
{{ '{!r} {!s}'.format('a', 'b') }}|{{ '{{}}'.format() }}
{{ '{:{w}}|'.format('a', w=4) }}
{{ '{:%Y/%m/%d}'.format(modules.datetime.date(2024, 1, 31)) }}
{{ '{}'.format() }}
{{ '{a}'.format() }}
{{ '{'.format() }}
{{ '{:+d}|{: d}|{:_}|{:,.2f}'.format(5, 5, 1234567, 1234567.891) }}
{{ '{}'.format(1e16) }}|{{ '{}'.format(none) }}|{{ '{}'.format([1, 'a']) }}
{{ 'abc1'.isalnum() }}|{{ 'abc'.isalpha() }}|{{ '12'.isdigit() }}|{{ '1.2'.isdigit() }}|{{ ''.isalpha() }}|{{ 'abc'.isascii() }}|{{ '²'.isdigit() }}|{{ '²'.isdecimal() }}|{{ '½'.isnumeric() }}
{{ 'a b'.isidentifier() }}|{{ '_a1'.isidentifier() }}|{{ 'abc'.islower() }}|{{ 'ABC1'.isupper() }}|{{ '  '.isspace() }}|{{ 'Hello World'.istitle() }}|{{ 'a\n'.isprintable() }}
{{ ', '.join(['a', 'b']) }}|{{ '-'.join('abc') }}|{{ ','.join({'a': 1, 'b': 2}) }}
{{ ','.join([1, 2]) }}
{{ '  a  '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abcba'.lstrip('ab') }}|{{ 'abcba'.rstrip('ab') }}
{{ 'a-b-c'.partition('-') }}|{{ 'a-b-c'.rpartition('-') }}|{{ 'abc'.partition('x') }}|{{ 'abc'.rpartition('x') }}
{{ 'TestHook'.removeprefix('Test') }}|{{ 'a.sql'.removesuffix('.sql') }}|{{ 'abc'.removeprefix('x') }}
{{ 'aaa'.replace('a', 'b') }}|{{ 'aaa'.replace('a', 'b', 2) }}|{{ 'abc'.replace('', '-') }}
{{ 'a b  c'.split() }}|{{ 'a,b,c'.split(',') }}|{{ 'a,b,c'.split(',', 1) }}|{{ 'a b c d'.split(none, 1) }}|{{ ' a  b '.split(' ') }}|{{ ''.split() }}|{{ ''.split(',') }}
{{ 'a,b,c'.rsplit(',', 1) }}|{{ 'a b c'.rsplit() }}|{{ 'a b c'.rsplit(maxsplit=1) }}|{{ ' a b c '.split(maxsplit=1) }}|{{ 'a,b'.split(sep=',') }}
{{ 'abc'.split('') }}
{{ 'a\nb\r\nc'.splitlines() }}|{{ 'a\nb\n'.splitlines(true) }}|{{ ''.splitlines() }}|{{ 'a\n\nb'.splitlines() }}
{{ 'abc'.translate({97: 'x', 98: none}) }}|{{ 'hello'.translate('x'.maketrans('el', 'ip')) }}
{{ '42'.zfill(5) }}|{{ '-42'.zfill(5) }}|{{ 'abc'.zfill(2) }}
{{ 'abc'.encode() }}|{{ 'é'.encode('utf-8') }}|{{ 'abc'.encode().decode() }}
{{ 'a'.nothing() }}
{{ 'abc'.upper().lower().title() }}
{{ 'abc'|length }}|{{ 'abc'.__len__ is defined }}
{% set parts = 'a,b'.split(',') %}{% do parts.append('c') %}{{ parts }}
{{ 'x'.join(['a']) }}|{{ ''.join([]) }}
{{ 'a.b.c'.split('.')[-1] }}|{{ 'a.b.c'.split('.')|last }}
{{ 'abc'.ljust(5, 'xy') }}
{{ '{a.b}'.format(a={'b': 1}) }}
{{ 'Ab'.format_map({}) }}|{{ '{x}'.format_map({'x': 3}) }}
{{ '{:>10.3f}|{:<10}|{:^10}|{:=+8d}'.format(3.14159, 'é', 5, 42) }}|{{ '{:s}|{:10s}|{:>10s}'.format('a', 'b', 'c') }}|{{ '{:.3}'.format('abcdef') }}|{{ '{:c}{:o}{:X}{:#x}{:#b}'.format(65, 8, 255, 255, 5) }}|{{ '{:g}|{:G}|{:n}'.format(1e10, 1e-10, 5) }}|{{ '{:08.2f}|{:+.1f}|{: .1f}'.format(3.14159, 2.0, 2.0) }}|{{ '{:.0%}|{:8.1%}|'.format(0.256, 0.5) }}|{{ '{:d}'.format(true) }}|{{ '{}'.format(true) }}|{{ '{:5}'.format(true) }}|{{ '{:.2f}'.format(dec) }}|{{ '{}'.format(dec) }}|{{ '{:5}|'.format(5) }}|{{ '{:5}|'.format('a') }}|{{ '{:,}'.format(1234.5) }}|{{ '{:.1e}'.format(0.00012345) }}|{{ '{0}{0}'.format('a') }}|{{ '{a[b][0]}'.format(a={'b': [7]}) }}|{{ '{!r:>5}'.format('a') }}
{{ '{:d}'.format('a') }}
{{ '{:d}'.format(1.5) }}
{{ '{:q}'.format(1) }}
{{ '{0}{}'.format(1, 2) }}
{{ '}'.format() }}
{{ '{!x}'.format(1) }}
{{ '{:>5}'.format(none) }}
{{ '{:>5}'.format([1]) }}
{{ 'ǆ'.title() }}|{{ 'ßa'.upper() }}|{{ 'İ'.lower()|length }}|{{ 'ﬁ'.upper() }}|{{ 'ÀÉ'.lower() }}|{{ 'àé'.capitalize() }}|{{ 'Σ'.lower() }}|{{ 'ΑΣ'.lower() }}|{{ 'a1b2'.title() }}|{{ 'x-y z_w'.title() }}
{{ 'a b'.split(' ', 0) }}|{{ 'a b c'.split(' ', -1) }}|{{ '  a  b  '.split(none, 1) }}|{{ '  a  b  '.rsplit(none, 1) }}|{{ 'a\tb\nc'.split() }}|{{ 'abcabc'.rsplit('b') }}|{{ 'aXbXc'.split('X', maxsplit=1) }}|{{ '\u00a0a\u00a0'.strip() }}|{{ '  '.split() }}
{{ 'abc'.find('') }}|{{ 'abc'.rfind('') }}|{{ 'abc'.find('c', -1) }}|{{ 'abc'.find('a', -2) }}|{{ 'abc'.find('b', 0, 1) }}|{{ 'abc'.find('', 5) }}|{{ 'abc'.count('', 1) }}|{{ 'aaa'.count('aa') }}|{{ 'abc'.startswith('') }}|{{ 'abc'.startswith('', 5) }}|{{ 'abc'.startswith(()) }}|{{ 'abc'.endswith('b', 0, 2) }}|{{ 'abc'.startswith('bc', -2) }}
{{ 'abc'.replace('b', 'x', 0) }}|{{ 'abc'.replace('', '-', 2) }}|{{ 'abab'.replace('ab', '') }}|{{ 'abc'.strip('') }}|{{ 'abc'.strip(none) }}
{{ 'abc'.replace('b') }}
{{ 'abc'.replace(1, 2) }}
{{ 'abc'.strip(5) }}
{{ 'abc'.upper(1) }}
{{ 'abc'.center() }}
{{ 'abc'.split(5) }}
{{ 'abc'.find(5) }}
{{ 'a\x0bb\x0cc\x1cd\x85e\u2028f'.splitlines() }}|{{ '\n'.splitlines() }}|{{ 'a\r\rb'.splitlines() }}|{{ 'a\nb'.splitlines(keepends=true) }}
{{ '+5'.zfill(4) }}|{{ ''.zfill(3) }}|{{ '--1'.zfill(5) }}|{{ 'é'.zfill(3) }}|{{ 'é'.center(4, '*') }}|{{ '日本'.ljust(4, '.') }}
{{ '٣'.isdigit() }}|{{ 'Ⅷ'.isnumeric() }}|{{ 'ª'.isalpha() }}|{{ 'a_b'.isalnum() }}|{{ 'A1'.istitle() }}|{{ 'A b'.istitle() }}|{{ 'class'.isidentifier() }}|{{ '1a'.isidentifier() }}|{{ ''.isidentifier() }}|{{ ''.islower() }}|{{ ''.isprintable() }}|{{ ''.isascii() }}|{{ '\t'.isspace() }}|{{ ''.isspace() }}|{{ 'É'.isupper() }}
{{ 'ab\tc\td'.expandtabs(3) }}|{{ '\t\ta'.expandtabs(2) }}|{{ 'a\tb'.expandtabs(0) }}|{{ 'a\n\tb'.expandtabs(4) }}
{{ 'abc' == 'abc'.lower() }}|{{ 'a' is string }}|{{ 'a,b'.split(',') is sequence }}
""",
    "list": r"""
{% set a = [3, 1, 2] %}{{ a.append(4) }}{{ a }}
{% set a = [1] %}{% do a.extend([2, 3]) %}{% do a.extend('xy') %}{% do a.extend({'k': 1}) %}{{ a }}
{% set a = [1] %}{% do a.extend(5) %}
{% set a = [1, 2] %}{% do a.insert(0, 0) %}{% do a.insert(-1, 9) %}{% do a.insert(100, 7) %}{{ a }}
{% set a = [1, 2, 3] %}{{ a.pop() }}{{ a.pop(0) }}{{ a }}
{% set a = [] %}{{ a.pop() }}
{% set a = [1] %}{{ a.pop(5) }}
{% set a = [1, 2, 1] %}{% do a.remove(1) %}{{ a }}
{% set a = [1] %}{% do a.remove(5) %}
{{ [1, 2, 1].index(2) }}|{{ [1, 2, 1].index(1, 1) }}|{{ [1, 2, 1].count(1) }}
{{ [1].index(5) }}
{% set a = [3, 1, 2] %}{% do a.sort() %}{{ a }}{% do a.sort(reverse=true) %}{{ a }}{% do a.reverse() %}{{ a }}
{% set a = [1, 'a'] %}{% do a.sort() %}
{% set a = [1, 2] %}{% set b = a.copy() %}{% do b.clear() %}{{ a }}{{ b }}
{{ (1, 2, 1).count(1) }}|{{ (1, 2).index(2) }}
{% set a, b = (1, 2) %}{{ a }}{{ b }}
{% for a, b in [(1, 2), [3, 4]] %}{{ a }}-{{ b }};{% endfor %}
{{ [1, 2, 3][5] }}|{{ [1][0] }}
{% set ns = namespace(l=[]) %}{% for i in range(3) %}{% set ns.l = ns.l + [i] %}{% endfor %}{{ ns.l }}
{% for x in [] %}a{% else %}empty{% endfor %}
{% for c in 'abc' %}{{ c }}{{ ',' if not loop.last }}{% endfor %}
{% for k in {'a': 1, 'b': 2} %}{{ k }}{{ loop.index }}{% endfor %}
{% for x in 5 %}{% endfor %}
{% for x in none %}{% endfor %}
{% for x in undefined_name %}a{% endfor %}
{{ [[1, 2], [3]] | sum(start=[]) }}
{% set m = [[0] * 2] * 2 %}{% do m[0].append(1) %}{{ m }}
{% set a = [3, 1, 2] %}{{ a | sort }}{{ a }}{{ a | reverse | list }}{{ a }}
{% set a = [1, 2, 3] %}{{ a[1:] + a[:1] }}|{{ a[-2:] }}|{{ a[::2] }}|{{ a[2:0:-1] }}
{% set a = ['b', 'A'] %}{% do a.sort() %}{{ a }}
{% set a = [1, 2] %}{% do a.append() %}
{% set a = [1, 2] %}{% do a.append(1, 2) %}
{% set a = [1, 2] %}{% do a.insert('x', 1) %}
{% set a = [1, 2] %}{% do a.insert(0) %}
{% set a = [1, [2, [3]]] %}{% do a[1][1].append(4) %}{{ a }}
{% set a = [1] %}{% for x in a %}{% if loop.index < 4 %}{% do a.append(x + 1) %}{% endif %}{% endfor %}{{ a | length > 1 }}
{% set a = [] %}{% for i in range(3) %}{% do a.append(i) %}{% endfor %}{{ a }}
{% set a = [1, 2, 3] %}{{ a.pop(-2) }}{{ a }}
{% for x in [1, 2, 3] %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.length }}{{ loop.cycle('a', 'b') }};{% endfor %}
{% for x in [1, 2, 3] if x > 1 %}{{ x }}{{ loop.last }}{% endfor %}
{% for x in 'a', 'b' %}{{ x }}{% endfor %}
{% for k, v in {'b': 1, 'a': 2} | dictsort %}{{ k }}{{ v }}{% endfor %}
{% for x in range(3) %}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.changed(x) }}{% endfor %}
{% set x = [] %}{% set y = x + [1] %}{{ x }}{{ y }}{% set x2 = x * 1 %}{% do x2.append(1) %}{{ x }}
{{ [1, 2, 3] | length }}|{{ [[1, 2], [3]] | map('length') | list }}|{{ [1, 2] == [1, 2.0] }}|{{ [] == () }}
""",
    "dict": r"""
{% set d = {'a': 1} %}{{ d.get('a') }}|{{ d.get('x') }}|{{ d.get('x', 5) }}|{{ d['a'] }}|{{ d.a }}|{{ d.x }}|{{ d['x'] }}
{% set d = {'a': 1} %}{% do d.update({'b': 2}) %}{% do d.update(c=3) %}{% do d.update([('d', 4)]) %}{{ d }}
{% set d = {'a': 1, 'b': 2} %}{{ d.pop('a') }}{{ d.pop('x', 9) }}{{ d }}
{% set d = {} %}{{ d.pop('x') }}
{% set d = {} %}{{ d.setdefault('a', []) }}{% do d.a.append(1) %}{{ d }}{{ d.setdefault('a', 5) }}
{% set d = {'a': 1, 'b': 2} %}{{ d.popitem() }}{{ d }}
{% set d = {} %}{{ d.popitem() }}
{% set d = {'a': 1} %}{% set e = d.copy() %}{% do e.clear() %}{{ d }}{{ e }}
{{ {'a': 1, 'b': 2}.items() | list }}|{{ {'a': 1}.keys() | list }}|{{ {'a': 1}.values() | list }}
{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}
{{ {'a': 1}.fromkeys(['x', 'y'], 0) }}
{{ dict(a=1, b=2) }}|{{ dict([('a', 1)]) }}|{{ dict({'a': 1}, b=2) }}|{{ dict() }}
{{ dict([1, 2]) }}
{{ {[1]: 2} }}
{{ {'a': 1, 'a': 2} }}
{{ {'items': 5}.items() | list }}|{{ {'items': 5}['items'] }}
{{ {1: 'a', 1.0: 'b', true: 'c'} }}
{{ {'b': 1, 'a': 2} | length }}|{{ 'a' in {'a': 1} }}
{{ {}.nothing() }}
{% set d = {'a': {'b': {'c': 1}}} %}{{ d.a.b.c }}|{{ d['a']['b'] }}
{% set d = {'x': none} %}{{ d.x is none }}|{{ d.y is defined }}|{{ d.x is defined }}
{% do {}.update(5) %}
{{ {'a': 1}.get(['x']) }}
{% set d = {'a': 1} %}{% for k in d.keys() %}{{ k }}{% endfor %}{% for v in d.values() %}{{ v }}{% endfor %}{{ d.items() | length }}
{% set d = {'b': 1, 'a': 2} %}{{ d | list }}|{{ d | sort }}|{{ d | first }}|{{ d | join(',') }}|{{ d | dictsort | list }}
{% set d = {'a': {'x': 1}} %}{% set e = d.copy() %}{% do e.a.update({'x': 2}) %}{{ d }}
{% set d = {1: 'a', (1, 2): 'b', none: 'c', 1.5: 'd'} %}{{ d[1] }}{{ d[(1, 2)] }}{{ d[none] }}{{ d[1.5] }}{{ d }}
{% set d = {'a': 1} %}{{ d.get('a', 2) }}{{ d.get('b', default=2) }}
{% set d = dict(a=1) %}{% do d.update(a=2, b=3) %}{{ d }}{{ dict(d, c=4) }}
{{ {'a': 1} | tojson }}|{{ {'a': 1, 'b': 2} | length }}|{{ {'a': none} | string }}|{{ {'a': 'x'} ~ '' }}
{% set d = {} %}{% do d.update({'k': 1}) or d.update({'j': 2}) %}{{ d }}
{% set d = {'a': 1} %}{{ 'a' in d }}{{ 'a' in d.keys() }}{{ 1 in d.values() }}{{ ('a', 1) in d.items() }}
{% set d = {'a': 1, 'b': 2} %}{% set e = {'b': 2, 'a': 1} %}{{ d == e }}
{% set d = {'get': 5} %}{{ d['get'] }}{{ d.get('get') }}
{% do {}.setdefault([], 1) %}
{{ {'a': 1}.pop() }}
{{ dict(5) }}
{{ dict([('a', 1, 2)]) }}
{{ dict({'a': 1}, {'b': 2}) }}
""",
    "number": r"""
{{ (1.0).is_integer() }}|{{ (1.5).is_integer() }}|{{ (5).bit_length() }}|{{ (0.5).as_integer_ratio() }}
{{ 5 | abs }}|{{ -5 | abs }}|{{ -5.5 | abs }}|{{ (-5) | abs }}|{{ true | abs }}
{{ 'a' | abs }}
{{ dec | abs }}|{{ dec | int }}|{{ dec | float }}|{{ dec | round(1) }}|{{ dec | round }}
{{ dec.quantize(dec) }}|{{ dec.is_zero() }}|{{ dec.normalize() }}
{{ '42' | int }}|{{ '4.7' | int }}|{{ 'x' | int }}|{{ 'x' | int(-1) }}|{{ none | int }}|{{ 3.9 | int }}|{{ '0x1f' | int(base=16) }}|{{ '101' | int(0, 2) }}|{{ ' 7 ' | int }}|{{ '1_000' | int }}|{{ true | int }}|{{ -3.9 | int }}
{{ '4.5' | float }}|{{ 'x' | float }}|{{ 'x' | float(1.5) }}|{{ '1e3' | float }}|{{ 'inf' | float }}|{{ 5 | float }}|{{ none | float }}|{{ 'nan' | float }}
{{ undefined_name | int }}
{{ undefined_name | float }}
{{ 42.55 | round }}|{{ 42.55 | round(1) }}|{{ 42.55 | round(1, 'floor') }}|{{ 42.51 | round(1, 'ceil') }}|{{ 42 | round }}|{{ 2.5 | round }}|{{ 3.5 | round }}|{{ 2.675 | round(2) }}|{{ 1234.5 | round(-2) }}|{{ 1250 | round(-2) }}
{{ 42.5 | round(1, 'x') }}
{{ 'a' | round }}
{{ 1 | filesizeformat }}|{{ 100 | filesizeformat }}|{{ 1000 | filesizeformat }}|{{ 1024 | filesizeformat(true) }}|{{ 1234567 | filesizeformat }}|{{ 1234567890 | filesizeformat(binary=true) }}|{{ '300' | filesizeformat }}|{{ 1e27 | filesizeformat }}
{{ 0.1 | round(20) }}|{{ 1e300 | round(2) }}|{{ 0.5 | round }}|{{ 1.5 | round }}|{{ -2.5 | round }}|{{ 1.005 | round(2) }}|{{ 5 | round(2) }}|{{ 5.5 | round(0, 'ceil') }}|{{ -5.5 | round(0, 'floor') }}|{{ 5 | round(0, 'ceil') }}|{{ 15 | round(-1) }}|{{ 25 | round(-1) }}|{{ true | round }}|{{ 2.567 | round(2) | int }}|{{ 7.0 | int }}|{{ dec | round(0) }}|{{ dec | round(3) }}|{{ dec | round(0, 'ceil') }}
{{ '1.5e3' | int }}|{{ '-7' | int }}|{{ '+7' | int }}|{{ '' | int }}|{{ 'ff' | int(base=16) }}|{{ '0b11' | int(0, 0) }}|{{ '99999999999999999999' | int }}|{{ [] | int }}|{{ {} | int(3) }}|{{ '1__0' | int }}|{{ '0o17' | int(base=8) }}|{{ 'z' | int(base=36) }}|{{ '١' | int }}
{{ '.5' | float }}|{{ '5.' | float }}|{{ '1_0.5' | float }}|{{ 'infinity' | float }}|{{ '-inf' | float }}|{{ '1e400' | float }}|{{ '' | float }}|{{ [] | float(2) }}|{{ true | float }}|{{ '0x10' | float }}|{{ ' 1 ' | float }}
{{ 999 | filesizeformat }}|{{ 0 | filesizeformat }}|{{ 1.5 | filesizeformat }}|{{ 1000000 | filesizeformat(true) }}|{{ 999999 | filesizeformat }}|{{ -5 | filesizeformat }}|{{ 1e15 | filesizeformat }}
{{ 'x' | filesizeformat }}
{{ none | abs }}
{{ none | round }}
{{ 3 | string ~ 'a' }}|{{ 3.0 | string }}|{{ 1e-5 | string }}|{{ 123456789012345678 | string }}|{{ 1.0e10 }}|{{ 12345678901234567.0 }}|{{ 0.1 + 0.7 }}|{{ 100.0 / 3 }}|{{ 1 / 3 }}
""",
    "filters": r"""
{{ {'a': 5} | attr('a') }}|{{ 'x' | attr('nope') is defined }}
{{ [1, 2, 3, 4, 5] | batch(2) | list }}|{{ [1, 2, 3] | batch(2, 'x') | list }}|{{ [] | batch(3) | list }}|{{ [1, 2, 3, 4] | batch(2, '-') | list }}
{{ 'hELLO wORLD' | capitalize }}|{{ 5 | capitalize }}
{{ 'a' | center(5) }}|{{ 'abc' | center(10) | length }}
{{ undefined_name | default('x') }}|{{ '' | default('x') }}|{{ '' | default('x', true) }}|{{ none | default('x') }}|{{ none | d('x', boolean=true) }}|{{ 0 | default(5, true) }}|{{ undefined_name | default }}
{{ {'b': 1, 'A': 3, 'c': 2} | dictsort }}|{{ {'b': 1, 'A': 3} | dictsort(true) }}|{{ {'b': 1, 'A': 3} | dictsort(by='value') }}|{{ {'b': 1, 'A': 3} | dictsort(false, 'value', true) }}
{{ {'a': 1} | dictsort(by='x') }}
{{ '<a href="x">\'&' | escape }}|{{ '<' | e }}|{{ '<' | e | e }}|{{ '<' | e | forceescape }}|{{ '<' | safe }}|{{ '<' | safe | e }}
{{ [1, 2] | first }}|{{ 'abc' | first }}|{{ [] | first }}|{{ [1, 2] | last }}|{{ 'abc' | last }}|{{ {'a': 1} | first }}
{{ '%s-%s' | format('a', 'b') }}|{{ '%(x)s' | format(x=1) }}|{{ '%05.1f' | format(2.55) }}
{{ '%s' | format('a', x=1) }}
{{ [{'k': 1, 'v': 'a'}, {'k': 2, 'v': 'b'}, {'k': 1, 'v': 'c'}] | groupby('k') | list }}
{% for g in [{'k': 'b'}, {'k': 'a'}, {'k': 'B'}] | groupby('k') %}{{ g.grouper }}{{ g.list | length }}{{ g[0] }};{% endfor %}
{% for k, l in [{'k': 'b'}, {'j': 'a'}] | groupby('k', default='z') %}{{ k }}{{ l }};{% endfor %}
{{ [{'k': 'b'}, {'k': 'B'}] | groupby('k', case_sensitive=true) | list }}
{{ [{'a': {'b': 1}}] | groupby('a.b') | list }}
{{ 'a\nb\n\nc' | indent }}|{{ 'a\nb' | indent(2, true) }}|{{ 'a\n\nb' | indent(2, blank=true) }}|{{ 'a\nb' | indent('> ') }}|{{ 'a\n' | indent(2) }}|{{ '' | indent }}
{{ {'a': 1} | items | list }}|{{ undefined_name | items | list }}
{{ [1] | items | list }}
{{ [1, 2, 3] | join }}|{{ [1, none, 'a'] | join(', ') }}|{{ [{'a': 1}, {'a': 2}] | join('-', attribute='a') }}|{{ 'abc' | join('.') }}|{{ [1.0, 1e16] | join(',') }}|{{ {'a': 1, 'b': 2} | join(',') }}
{{ 5 | join }}
{{ [1, 2] | length }}|{{ 'abc' | count }}|{{ {'a': 1} | length }}|{{ undefined_name | length }}|{{ '日本' | length }}
{{ 5 | length }}
{{ none | length }}
{{ 'abc' | list }}|{{ (1, 2) | list }}|{{ {'a': 1} | list }}|{{ range(3) | list }}|{{ undefined_name | list }}
{{ 5 | list }}
{{ 'ABC' | lower }}|{{ 'abc' | upper }}|{{ none | lower }}|{{ true | upper }}|{{ 5 | upper }}|{{ [1, 'A'] | lower }}
{{ ['a', 'b'] | map('upper') | list }}|{{ [{'a': 1}, {'b': 2}] | map(attribute='a') | list | length }}|{{ [{'a': 1}, {}] | map(attribute='a', default=0) | list }}|{{ [' a '] | map('trim') | list }}|{{ ['a-b'] | map('replace', '-', '_') | list }}|{{ [[1, 2], [3, 4]] | map('first') | list }}|{{ [[1, 2], [3, 4]] | map(attribute=1) | list }}|{{ [{'a': {'b': 1}}] | map(attribute='a.b') | list }}
{{ [1.5, 2.5] | map('round', 0) | list }}|{{ ['1', '2'] | map('int') | sum }}|{{ [1, 2] | map('string') | join('+') }}
{{ ['a'] | map('nope') | list }}
{{ ['a'] | map | list }}
{{ [1, 3, 2] | max }}|{{ [1, 3, 2] | min }}|{{ ['b', 'A'] | min }}|{{ ['b', 'A'] | max(case_sensitive=true) }}|{{ [] | max }}|{{ [{'a': 1}, {'a': 3}] | max(attribute='a') }}
{{ [1, 'a'] | max }}
{{ {'b': 1, 'a': [1, 2]} | pprint }}
{{ {'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'a': ['yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy', 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz']} | pprint }}
{{ [5] | random }}
{{ [1, 2, 3, 4] | reject('odd') | list }}|{{ [1, 2, 3] | reject('greaterthan', 1) | list }}|{{ [0, 1, ''] | reject | list }}
{{ [{'a': 1, 'n': 'x'}, {'a': 0, 'n': 'y'}] | selectattr('a') | map(attribute='n') | list }}|{{ [{'a': 1}, {'a': 2}] | selectattr('a', 'equalto', 2) | list }}|{{ [{'a': 1}, {'a': 2}] | rejectattr('a', 'eq', 2) | list }}|{{ [{'a': 1}, {'b': 2}] | selectattr('a', 'defined') | list }}|{{ [{'a': 1}, {}] | rejectattr('a', 'undefined') | list }}|{{ [{'a': 'x'}] | selectattr('a', 'in', ['x', 'y']) | list }}
{{ [1, 2, 3] | select('odd') | list }}|{{ ['a', none, ''] | select | list }}|{{ [1, 2, 3] | select('>', 1) | list }}|{{ ['ab', 'b'] | select('in', ['b']) | list }}
{{ [1] | select('nope') | list }}
{{ 'aXbX' | replace('X', '-') }}|{{ 'aXbX' | replace('X', '-', 1) }}|{{ 5 | replace('5', 'x') }}|{{ [1, 2] | replace('1', 'x') }}
{{ [1, 2, 3] | reverse | list }}|{{ 'abc' | reverse }}|{{ (1, 2) | reverse | list }}
{{ 5 | reverse }}
{{ [1, 2, 3, 4, 5, 6, 7] | slice(3) | list }}|{{ [1, 2, 3, 4] | slice(3, 'x') | list }}|{{ [1, 2] | slice(3) | list }}
{{ [3, 1, 2] | sort }}|{{ ['b', 'A', 'c'] | sort }}|{{ ['b', 'A', 'c'] | sort(case_sensitive=true) }}|{{ [1, 3, 2] | sort(reverse=true) }}|{{ [{'a': 2, 'b': 1}, {'a': 1, 'b': 2}] | sort(attribute='a') }}|{{ [{'a': 1, 'b': 2}, {'a': 1, 'b': 1}] | sort(attribute='a,b') }}|{{ 'cab' | sort }}|{{ {'b': 1, 'a': 2} | sort }}|{{ [(2, 'a'), (1, 'b')] | sort }}
{{ [1, 'a'] | sort }}
{{ [none, 1] | sort }}
{{ 5 | string }}|{{ none | string }}|{{ [1] | string }}|{{ 1e16 | string }}
{{ '<p>a  <b>b</b></p><!-- x --> &amp; c' | striptags }}
{{ [1, 2, 3] | sum }}|{{ [] | sum }}|{{ [1.5, 2] | sum }}|{{ [{'a': 1}, {'a': 2}] | sum(attribute='a') }}|{{ [1] | sum(start=10) }}|{{ [true, true] | sum }}
{{ ['a', 'b'] | sum }}
{{ 'hello world' | title }}|{{ "they're o'neil" | title }}|{{ 'foo-bar (baz) [x] <y>' | title }}|{{ 'HELLO' | title }}
{{ {'b': 1, 'a': [1, none, true, 'x<>&\'"']} | tojson }}|{{ [1.5, 1e16] | tojson }}|{{ 'é' | tojson }}|{{ {'a': 1} | tojson(indent=2) }}|{{ none | tojson }}|{{ (1, 2) | tojson }}|{{ {'a': []} | tojson(2) }}
{{ {1: 2, 'a': 3} | tojson }}
{{ modules.datetime.date(2024, 1, 1) | tojson }}
{{ '  a  ' | trim }}|{{ 'xxaxx' | trim('x') }}|{{ 5 | trim }}|{{ '\n a \t' | trim }}
{{ 'foo bar baz qux' | truncate(9) }}|{{ 'foo bar baz qux' | truncate(9, true) }}|{{ 'foo bar baz qux' | truncate(11) }}|{{ 'foo bar baz qux' | truncate(11, false, '...', 0) }}|{{ 'foo bar baz' | truncate(5, end='…', leeway=0) }}|{{ 'abc' | truncate }}
{{ 'abcdefghijk' | truncate(2) }}
{{ [1, 2, 1, 3] | unique | list }}|{{ ['a', 'A', 'b'] | unique | list }}|{{ ['a', 'A'] | unique(true) | list }}|{{ [{'a': 1}, {'a': 1}] | unique(attribute='a') | list }}
{{ [[1], [1]] | unique | list }}
{{ 'a b&c/d é' | urlencode }}|{{ {'a b': 'c&d', 'x': 1} | urlencode }}|{{ [('a', '1 2')] | urlencode }}|{{ 5 | urlencode }}
{{ 'see http://x.com/a?b=c. and (www.y.org) mail a@b.co' | urlize }}|{{ 'http://example.com/long' | urlize(10) }}|{{ 'http://x.com' | urlize(nofollow=true, target='_blank') }}|{{ 'ftp://x.com <b>' | urlize }}|{{ 'mailto:a@b.co' | urlize(rel='me') }}
{{ 'a b  c-d, e' | wordcount }}|{{ '' | wordcount }}|{{ "it's" | wordcount }}
{{ 'the quick brown fox jumps over' | wordwrap(10) }}|{{ 'abcdefghijkl' | wordwrap(5) }}|{{ 'abcdefghijkl mn' | wordwrap(5, false) }}|{{ 'a b c d' | wordwrap(3, wrapstring='<br>') }}|{{ 'well-known long-term' | wordwrap(8) }}|{{ 'well-known long-term' | wordwrap(8, break_on_hyphens=false) }}|{{ 'a\n\nb' | wordwrap(5) }}
{{ {'class': 'a', 'id': none, 'x': '<'} | xmlattr }}|{{ {'a': 1} | xmlattr(false) }}|{{ {} | xmlattr }}
{{ {'a b': 1} | xmlattr }}
{{ 'a' | nope }}
{{ 'abc' | upper | lower | title }}
{{ [3, 1] | sort | first }}|{{ ['x', 'y'] | join(', ') | upper }}
{% filter upper %}abc{% endfilter %}
{% set x | upper %}abc{% endset %}{{ x }}
{{ ([1] | list).append(2) }}{% set l = 'ab' | list %}{% do l.append('c') %}{{ l }}
{{ ('<' | e) ~ '<' }}|{{ ('<' | e) + '<' }}
{{ [1, 2, 3] | batch(0) | list }}
{{ 'abcdef' | batch(4, ' ') | list }}|{{ {'a': 1, 'b': 2} | batch(1) | list }}
{{ 'abc' | center(6) }}|{{ 'abc' | center(7) ~ '|' }}|{{ none | center(6) }}
{{ false | default('x') }}|{{ false | default('x', true) }}|{{ {} | default({'a': 1}, true) }}|{{ {}.a | default('z') }}|{{ {'a': {}}.a.b | default('z') }}
{{ undefined_name.a | default('z') }}
{{ {'b': 2, 'a': 1, 'C': 0} | dictsort(reverse=true) }}|{{ {'x': 'b', 'y': 'A'} | dictsort(by='value') }}|{{ {2: 'a', 1: 'b'} | dictsort }}
{{ {1: 'a', 'b': 2} | dictsort }}
{{ 5 | escape }}|{{ none | escape }}|{{ [1, '<'] | escape }}|{{ 'a&amp;b' | e }}|{{ '"' | e | length }}
{{ 'abc' | first | upper }}|{{ range(3) | last }}|{{ {'a': 1, 'b': 2} | last }}|{{ '' | first is defined }}|{{ (1, 2) | first }}
{{ 5 | first }}
{{ 'a\n  b\n' | indent(4, first=true) ~ '|' }}|{{ '\na' | indent(2) }}|{{ 'a\r\nb' | indent(1) }}|{{ 5 | indent }}|{{ 'a\nb' | indent(width='\t') }}|{{ 'a\nb' | indent(0) }}
{{ [none, 1] | join('-') }}|{{ [[1], {'a': 1}] | join(';') }}|{{ [1, 2] | join(0) }}|{{ '' | join('x') }}|{{ [undefined_name, 1] | join('-') }}|{{ undefined_name | join }}|{{ [true, dec] | join(' ') }}
{{ [{'a': {'b': 1}}, {'a': {'b': 2}}] | map(attribute='a.b') | sum }}|{{ ['a', 'b'] | map('format', 1) | list }}|{{ [[3, 1], [2]] | map('sort') | list }}|{{ ['x'] | map('center', 3) | list }}|{{ ['a', none] | map('default', 'd', true) | list }}|{{ [{'a': [1, 2]}] | map(attribute='a.1') | list }}|{{ none | map('upper') | list }}|{{ 'ab' | map('upper') | join('-') }}|{{ {'a': 1} | map('upper') | list }}|{{ [1, 2] | map('float') | list }}|{{ [1, 2] | map('tojson') | join }}
{{ 5 | map('upper') | list }}
{{ [1] | map(attribute='a', x=1) | list }}
{{ [[1, 2], [0]] | max }}|{{ ['a', 'B'] | max }}|{{ [1.5, 1] | min }}|{{ [true, 2] | max }}|{{ (3, 4) | min }}|{{ 'hello' | max }}|{{ [dec, 1] | max }}|{{ [dec, 1] | sort }}|{{ [dec, dec] | sum }}|{{ [] | min is defined }}
{{ 5 | max }}
{{ [] | random is defined }}|{{ 'a' | random }}
{{ 'a.b' | replace('.', '') }}|{{ none | replace('N', 'x') }}|{{ 'aaa' | replace('a', 'b', count=1) }}|{{ 'abc' | replace('', '-') }}|{{ '<a>' | e | replace('a', 'b') }}
{{ {'a': 1, 'b': 2} | reverse | list }}|{{ '' | reverse }}|{{ range(3) | reverse | list }}|{{ 'añb' | reverse }}
{{ none | reverse | list }}
{{ [0, 1, none, 'a', [], [0]] | select | list }}|{{ [1, 2, 3, 4] | select('divisibleby', 2) | list }}|{{ ['a', 1, none] | select('string') | list }}|{{ [1, 2] | reject('in', [1]) | list }}|{{ [none, 1] | reject('none') | list }}|{{ {'a': 1, 'b': 2} | select('equalto', 'a') | list }}|{{ [3, 1] | select('lt', 2) | list }}|{{ [1, 2, 3] | select('ne', 2) | list }}|{{ undefined_name | select | list }}
{{ [{'a': {'b': 1}}, {'a': {'b': 0}}] | selectattr('a.b') | list }}|{{ [{'a': 1}, {'a': none}, {}] | selectattr('a', 'none') | list }}|{{ [{'a': 'x'}, {'a': 'y'}] | selectattr('a', 'ne', 'x') | list }}|{{ [{'a': 'x'}] | rejectattr('b') | list }}|{{ [[1, 2], [0, 3]] | selectattr(0) | list }}
{{ [1] | selectattr | list }}
{{ [] | slice(2) | list }}|{{ 'abcde' | slice(2) | list }}|{{ [1, 2, 3] | slice(5, 0) | list }}
{{ ['a10', 'a9', 'B1'] | sort }}|{{ [{'a': 'b'}, {'a': 'A'}] | sort(attribute='a') | map(attribute='a') | list }}|{{ [{'n': 1, 's': 'b'}, {'n': 1, 's': 'a'}] | sort(attribute='n,s', reverse=true) | map(attribute='s') | list }}|{{ [(1, 'b'), (1, 'a')] | sort(attribute='1') }}|{{ [3, 1, 2] | sort(true) }}|{{ [true, false] | sort }}|{{ [[2], [1, 5]] | sort }}|{{ ['é', 'z'] | sort }}|{{ [2.5, 1, 2] | sort }}
{{ [{}, {}] | sort }}
{{ [{'a': 1}, {}] | sort(attribute='a') }}
{{ '&lt;b&gt; &#39;x&#x27; &copy; &unknown;' | striptags }}|{{ 'a<br/>b' | striptags }}|{{ 'a < b' | striptags }}|{{ '<!-- <p> -->x' | striptags }}|{{ 5 | striptags }}
{{ [[1], [2]] | sum(start=[0]) }}|{{ [(1,), (2,)] | sum(start=()) }}|{{ [1, 2] | sum(start=0.5) }}|{{ {'a': 1} | map('length') | sum }}|{{ [{'a': 1.5}] | sum('a') }}|{{ range(4) | sum }}
{{ [1] | sum(start='') }}
{{ [none] | sum }}
{{ 'a_b-c.d' | title }}|{{ 'élan vital' | title }}|{{ 'foo\tbar\nbaz' | title }}|{{ "'quoted' word" | title }}|{{ '1st 2nd' | title }}|{{ none | title }}
{{ '</script>' | tojson }}|{{ '\u2028' | tojson }}|{{ '😀' | tojson }}|{{ "a'b" | tojson }}|{{ {'b': 1, 'a': {'d': 1, 'c': 2}} | tojson(indent=1) }}|{{ [] | tojson(indent=2) }}|{{ [[], {}] | tojson(indent=2) }}|{{ 1e400 | tojson }}|{{ true | tojson }}|{{ '\x07' | tojson }}|{{ {'a': (1, 2)} | tojson | length }}
{{ dec | tojson }}
{{ undefined_name | tojson }}
{{ none | trim }}|{{ '  x ' | trim | length }}|{{ 'abcba' | trim('ab') }}|{{ '--x-' | trim(chars='-') }}
{{ 'foo bar' | truncate(3) }}|{{ 'foobarbaz' | truncate(5, leeway=0) }}|{{ 'foo bar baz' | truncate(8, leeway=0) }}|{{ 'foo bar baz' | truncate(8, true, '', 0) }}|{{ 'ab cd ef gh' | truncate(7, false, '!', 1) }}|{{ '日本語日本語日本語日本語' | truncate(5, true) }}|{{ 12345678901234567890 | string | truncate(10) }}
{{ 5 | truncate }}
{{ 'aAbB' | unique | list }}|{{ [1, 1.0, true] | unique | list }}|{{ [{'n': 'a'}, {'n': 'A'}] | unique(attribute='n') | list }}|{{ [none, none, 1] | unique | list }}|{{ [(1, 2), (1, 2)] | unique | list }}
{{ 'a+b~c=d' | urlencode }}|{{ 'é/ü?x=1' | urlencode }}|{{ {'k': 'a/b', 'é': none} | urlencode }}|{{ '' | urlencode }}|{{ {'a': [1, 2]} | urlencode }}|{{ 1.5 | urlencode }}|{{ [('a', 1), ('b', 2)] | urlencode }}
{{ 'http://a.com/x(y)' | urlize }}|{{ '<http://a.com>' | urlize }}|{{ 'a.com, b.org. c.net' | urlize }}|{{ 'https://localhost' | urlize }}|{{ 'http://127.0.0.1:80/x' | urlize }}|{{ 'tel:123' | urlize(extra_schemes=['tel:']) }}|{{ '(see http://x.com/a_(b))' | urlize }}|{{ '@a@b.co www.x' | urlize }}
{{ 'x' | urlize(extra_schemes=['a b']) }}
{{ 'one_two three-four' | wordcount }}|{{ 'é à' | wordcount }}|{{ 5 | wordcount }}|{{ '1.5 2' | wordcount }}
{{ 'aaa bbb ccc ddd' | wordwrap(7) }}|{{ 'aaa   bbb' | wordwrap(4) }}|{{ '  lead' | wordwrap(4) }}|{{ 'abc-defgh-ij' | wordwrap(5) }}|{{ 'a--b c--d' | wordwrap(4) }}|{{ 'x\ny z' | wordwrap(1) }}|{{ 'one two' | wordwrap(100) }}|{{ 'supercalifragilistic is long' | wordwrap(10) }}|{{ 'semi-colon;test-ing, ok-ay' | wordwrap(9) }}|{{ 'tab\there' | wordwrap(3) }}|{{ 'trailing   ' | wordwrap(20) ~ '|' }}
{{ 'a' | wordwrap(0) }}
{{ {'a': true, 'b': 1.5, 'c': undefined_name} | xmlattr }}|{{ {'a': '"<'} | xmlattr(autospace=false) }}
{{ {'a/b': 1} | xmlattr }}
{{ [{'type': 'x', 'n': 1}, {'type': 'y', 'n': 2}, {'type': 'x', 'n': 3}] | groupby('type') | map(attribute='list') | map('map', attribute='n') | map('list') | list }}|{{ [[1, 'a'], [2, 'b']] | groupby(0) | list }}|{{ [] | groupby('x') | list }}
{% for type, rows in [{'t': 2}, {'t': 1}] | groupby(attribute='t') %}{{ type }}:{{ rows }} {% endfor %}
{{ [1, [2, 3]] | pprint }}|{{ 'abc' | pprint }}|{{ (1,) | pprint }}|{{ none | pprint }}|{{ 1.5 | pprint }}|{{ {} | pprint }}|{{ range(30) | list | pprint }}|{{ {'k' * 20: ['v' * 20, 'w' * 20, 'x' * 20]} | pprint }}|{{ [{'aaaaaaaaaaaaaaaaaaaaaaaaaaa': 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'ccccccccccccccccccc': 'ddddddddddddd'}] | pprint }}
{{ 'a' | upper(1) }}
{{ 'a' | replace('a') }}
{{ 'a' | join(1, 2, 3, 4) }}
{{ [1, 2] | length(5) }}
{{ [1, 2, 3] | sum(nope=1) }}
{{ 'x' | default(default_value='y') }}|{{ undefined_name | default(default_value='y') }}|{{ [3, 1] | sort(reverse=true, case_sensitive=true) }}|{{ ['a'] | join(d='-') }}|{{ 'abc' | truncate(length=3, killwords=true) }}
""",
    "tests": r"""
{{ true is boolean }}|{{ 1 is boolean }}|{{ range is callable }}|{{ 'a' is callable }}|{{ x is defined }}|{{ dec is defined }}
{{ 6 is divisibleby 3 }}|{{ 7 is divisibleby(3) }}|{{ 1 is eq 1 }}|{{ 1 is equalto 2 }}|{{ 1 is ne 2 }}|{{ 1 is lt 2 }}|{{ 2 is le 2 }}|{{ 3 is gt 2 }}|{{ 3 is ge 4 }}|{{ 1 is lessthan 2 }}|{{ 3 is greaterthan 2 }}
{{ 2 is even }}|{{ 2 is odd }}|{{ 3 is odd }}|{{ -1 is odd }}
{{ 'a' is even }}
{{ ('<' | e) is escaped }}|{{ '<' is escaped }}|{{ false is false }}|{{ 0 is false }}|{{ true is true }}|{{ 1 is true }}
{{ 'upper' is filter }}|{{ 'nope' is filter }}|{{ 'odd' is test }}|{{ 'nope' is test }}
{{ 1.0 is float }}|{{ 1 is float }}|{{ 1 is integer }}|{{ true is integer }}|{{ 1.0 is integer }}|{{ 1 is number }}|{{ true is number }}|{{ '1' is number }}|{{ dec is number }}
{{ 1 is in [1, 2] }}|{{ 'a' is in 'abc' }}|{{ 'k' is in {'k': 1} }}|{{ 5 is not in [1] }}
{{ [] is iterable }}|{{ 'a' is iterable }}|{{ 5 is iterable }}|{{ {} is iterable }}|{{ none is iterable }}|{{ undefined_name is iterable }}
{{ [] is sequence }}|{{ 'a' is sequence }}|{{ {} is sequence }}|{{ 5 is sequence }}|{{ (1,) is sequence }}|{{ set([1]) is sequence }}
{{ {} is mapping }}|{{ [] is mapping }}|{{ 'a' is string }}|{{ 1 is string }}|{{ 'abc' is lower }}|{{ 'ABC' is upper }}|{{ 'aB' is lower }}
{{ none is none }}|{{ 0 is none }}|{{ undefined_name is none }}|{{ undefined_name is undefined }}|{{ none is undefined }}|{{ undefined_name is not defined }}
{% set a = [] %}{% set b = a %}{{ a is sameas b }}|{{ a is sameas [] }}|{{ none is sameas none }}|{{ true is sameas 1 }}|{{ 1 is sameas 1 }}
{{ 'a' is lt 1 }}
{{ 1 is nope }}
{{ 'a' is defined and 'b' is string }}|{{ not 1 is string }}|{{ 1 is not string }}|{{ [] is not mapping }}|{{ 1 is number and 2 is even }}|{{ x is not defined or x }}
{{ 5 is divisibleby 0 }}
{{ 'a' is divisibleby 2 }}
{{ 2.0 is even }}|{{ 1.5 is odd }}|{{ 0 is even }}|{{ true is odd }}|{{ '10' is number }}|{{ none is number }}|{{ none is string }}|{{ none is boolean }}|{{ {} is string }}
{{ 'abc' is in ['abc'] }}|{{ 1 is in (1, 2) }}|{{ 2 is in range(3) }}|{{ 'x' is in '' }}
{{ 1 is in 5 }}
{{ 'a1' is lower }}|{{ '' is lower }}|{{ 5 is upper }}|{{ 'É' is upper }}
{{ dict is callable }}|{{ none is callable }}|{{ modules.datetime.date is callable }}|{{ cycler('a') is callable }}|{{ modules.re.compile is callable }}
{{ range(3) is sequence }}|{{ range(3) is iterable }}|{{ namespace() is mapping }}|{{ modules is mapping }}|{{ modules.datetime.date(2024, 1, 1) is string }}|{{ modules.datetime.date(2024, 1, 1) is number }}|{{ dec is integer }}|{{ dec is float }}|{{ dec is string }}
{{ 1 is eq 1.0 }}|{{ 'a' is eq 'a' }}|{{ dec is gt 1 }}|{{ dec is eq 1.5 }}|{{ [1] is eq [1] }}|{{ 1 is sameas 1.0 }}|{{ 'a' is sameas 'a' }}|{{ none is sameas false }}
{{ none is lt 1 }}
{{ undefined_name is lt 1 }}
{{ undefined_name is number }}|{{ undefined_name is string }}|{{ undefined_name is iterable }}|{{ undefined_name is sequence }}|{{ undefined_name is mapping }}|{{ undefined_name is callable }}|{{ undefined_name is false }}|{{ undefined_name is boolean }}|{{ undefined_name is even is defined }}
""",
    "functions": r"""
{{ range(5) | list }}|{{ range(2, 5) | list }}|{{ range(10, 0, -3) | list }}|{{ range(0) | list }}|{{ range(5) | length }}|{{ range(3)[-1] }}
{{ range(1, 2, 0) }}
{{ range(1000001) }}
{{ range('a') }}
{{ fromjson('{"a": [1, 2.5, null, true, "x"]}') }}|{{ fromjson('bad') }}|{{ fromjson('bad', 'dflt') }}|{{ fromjson('[]').append(1) }}
{{ fromjson(5) }}
{{ tojson({'b': 1, 'a': [none, true, 1.5, 'x']}) }}|{{ tojson({'b': 1, 'a': 2}, sort_keys=true) }}|{{ tojson('é"\n') }}|{{ tojson((1, 2)) }}|{{ tojson({1: 2, none: 3, true: 4}) }}
{{ tojson(modules.datetime.date(2024, 1, 1)) }}
{{ tojson(set([1])) }}
{{ fromyaml('a: 1\nb: [x, yes, no, on, ~, 1.5, 012, 0x1f, 1_000]\nc: {d: null}') }}
{{ fromyaml('a: 2024-01-31\nb: 2024-01-31 12:00:00\nc: 1:30\nd: "yes"\ne: 1e3\nf: 1.0e+3\ng: .inf') }}
{{ fromyaml('- a\n- - b\n  - c\n- {k: v}') }}|{{ fromyaml('plain') }}|{{ fromyaml('') }}|{{ fromyaml('a: [') }}|{{ fromyaml('a: [', 'dflt') }}
{{ fromyaml('a: &x {k: 1, j: 2}\nb:\n  <<: *x\n  k: 3') }}
{{ fromyaml('a: |\n  line1\n  line2\nb: >\n  f1\n  f2\nc: !!str 5\nd: !!int "7"') }}
{{ fromyaml('a: !unknown x', 'dflt') }}|{{ fromyaml('a: 1\n---\nb: 2', 'dflt') }}|{{ fromyaml('TRUE') }}|{{ fromyaml('Yes') }}|{{ fromyaml('yEs') }}|{{ fromyaml('-1.5') }}|{{ fromyaml('1.') }}|{{ fromyaml('08') }}|{{ fromyaml('+5') }}
{{ toyaml({'a': 1, 'b': [1, 'x', none, true, 1.5], 'c': {'d': []}, 'e': {}}) }}
{{ toyaml({'b': 1, 'a': 2}, sort_keys=true) }}
{{ toyaml(['yes', '1', '1.5', 'null', '', 'a: b', '- x', '#c', 'a #b', "it's", 'say "x"', ' lead', '2024-01-01', '@x', 'x:', 'multi\nline', '*a', '!t', '%p', 'é', '\t']) }}
{{ toyaml('abc') }}|{{ toyaml(5) }}|{{ toyaml(none) }}|{{ toyaml([[1, 2], [3]]) }}|{{ toyaml([{'a': 1, 'b': 2}, {'c': [1]}]) }}
{{ toyaml({'k': 'word word word word word word word word word word word word word word word word word word'}) }}
{{ toyaml({'d': modules.datetime.date(2024, 1, 31), 'f': 1e16, 't': (1, 2)}) }}
{{ toyaml(dec, 'dflt') }}
{{ set([3, 1, 1]) | sort }}|{{ set('aab') | sort }}|{{ set(5) }}|{{ set(5, 'dflt') }}|{{ set([]) }}|{{ set([1]) }}|{{ set([[1]], 'd') }}
{{ set_strict([1]) }}
{{ set_strict(5) }}
{% set s = set([1]) %}{% do s.add(2) %}{% do s.discard(1) %}{% do s.update([5]) %}{{ s | sort }}|{{ set([1, 2]).union([3]) | sort }}|{{ set([1, 2]).intersection([2]) | sort }}|{{ set([1, 2]).difference([2]) | sort }}|{{ set([1]).issubset([1, 2]) }}|{{ (set([1, 2]) - set([1])) | list }}|{{ set([1, 2]) == set([2, 1]) }}|{{ 1 in set([1]) }}|{{ set([1]) | length }}
{% do set([1]).remove(5) %}
{{ zip([1, 2], ['a', 'b', 'c']) | list }}|{{ zip(5, default='d') }}|{{ zip() | list }}|{{ zip('ab', [1, 2]) | list }}
{{ zip_strict([1], ['a']) | list }}
{{ zip_strict(5, [1]) }}
{{ local_md5('hello') }}|{{ local_md5('') }}
{{ local_md5(5) }}
{{ diff_of_two_dicts({'x': ['a', 'B'], 'Y': ['c']}, {'X': ['A'], 'z': ['q']}) }}|{{ diff_of_two_dicts({'x': ['a']}, {'X': ['A']}) }}
{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{% do c.reset() %}{{ c.next() }}
{% set j = joiner('|') %}{{ j() }}a{{ j() }}b{{ j() }}c{% set k = joiner() %}{{ k() }}x{{ k() }}
{{ cycler() }}
{% set ns = namespace(a=1) %}{% set ns.a = ns.a + 1 %}{{ ns.a }}{{ ns.b is defined }}
{{ lipsum(1, false, 5, 6) | length > 5 }}|{{ lipsum(n=2, html=true)[:3] }}
{{ modules.nope is defined }}|{{ modules.re is defined }}
{{ fromyaml('a: "x\\ny"\nb: ''it''''s''') }}|{{ fromyaml('{a: 1, b: [1, 2], c: {d: e}}') }}|{{ fromyaml('a:\n- 1\n- 2\nb:\n  - 3') }}|{{ fromyaml('? k\n: v') }}|{{ fromyaml('a: # comment\n  b: 1 # two') }}|{{ fromyaml('- ') }}|{{ fromyaml('a:') }}|{{ fromyaml('1: a\n1.5: b\ntrue: c\nnull: d') }}|{{ fromyaml('a: 1\na: 2') }}|{{ fromyaml('[1, 2') }}|{{ fromyaml('"unclosed') }}|{{ fromyaml('a: b: c', 'bad') }}|{{ fromyaml('\ta: 1', 'bad') }}|{{ fromyaml('a: @x', 'bad') }}|{{ fromyaml('%x', 'bad') }}
{{ fromyaml('[0b101, 0o17, 017, 0x1F, 1_000, +12, -3, 190:20:30, 1:2, 09, 1e5, 1.5e5, 1.5e+5, -.5, .5, 1., 1_0.5, .inf, -.INF, .nan, 1:30.5]') }}|{{ fromyaml('[y, n, Y, N, yes, Yes, YES, no, on, On, OFF, off, true, True, TRUE, tRUE, ~, null, Null, NULL, nULL, "", =]') }}|{{ fromyaml('[2024-01-01, 2024-1-1, 2024-01-01T10:00:00, 2024-01-01T10:00:00Z, 2024-01-01 10:00:00.5, 2024-1-1 1:00:00, 10:00:00]') }}|{{ fromyaml('2024-01-01t10:00:00.25+02:00') }}|{{ fromyaml('2024-13-01', 'bad') }}
{{ fromyaml('a: !!set {x, y}')['a'] | sort }}|{{ fromyaml('!!binary aGVsbG8=') }}|{{ fromyaml('!!float 5') }}|{{ fromyaml('!!bool yes') }}|{{ fromyaml('!!null x') }}|{{ fromyaml('!!str yes') }}|{{ fromyaml('!foo x', 'bad') }}|{{ fromyaml('a: *x', 'bad') }}|{{ fromyaml('- &x [1]\n- *x') }}|{{ fromyaml('[[a]]: 1', 'bad') }}|{{ fromyaml('? [a, b]\n: 1', 'bad') }}
{{ fromyaml('a: |-\n  x\n  y\nb: >-\n  x\n\n  y\nc: |+\n  x\n\nd: |2\n    x\n') }}|{{ fromyaml('a:   spaced   value  ') }}|{{ fromyaml('a: multi\n  line\n  plain') }}|{{ fromyaml('---\na: 1\n...\n') }}|{{ fromyaml('# only') }}|{{ fromyaml('a: "\\u00e9\\x41\\t"') }}|{{ fromyaml('<<: {a: 1}\nb: 2') }}|{{ fromyaml('<<: [{a: 1}, {a: 2, c: 3}]\nb: 2') }}|{{ fromyaml('a: http://x.com/y#z') }}|{{ fromyaml('a: x:y') }}|{{ fromyaml('- a: 1\n  b: 2\n- c') }}|{{ fromyaml('a: - b', 'bad') }}|{{ fromyaml('a: {b: 1, c}') }}|{{ fromyaml('"a": 1') }}|{{ fromyaml('a : 1') }}
{{ fromyaml(5) }}
{{ fromyaml(none) }}
{{ toyaml({'a': 'yes', 'b': 'x: y', 'c': '', 'd': 'multi\nline\n', 'e': "it's: x", 'f': 'tab\t', 'g': '1_000', 'h': '0x1f', 'i': '1e5', 'j': '~', 'k': '=', 'l': '<<', 'm': 'a,b', 'n': '[x]', 'o': 'x]', 'p': '?', 'q': '? x', 'r': '-', 's': '-x', 't': ':x', 'u': 'trail ', 'v': 'a#b', 'w': '&a', 'x': '`', 'y': 'y', 'z': 'n'}) }}
{{ toyaml({'a': {'b': {'c': [1, [2, [3]], {'d': [4]}]}}}) }}|{{ toyaml([[], {}, [[]], '', none]) }}|{{ toyaml({1: 'a', none: 'b', true: 'c', 1.5: 'd', 'x y': 'e'}) }}|{{ toyaml([{'a': [1], 'b': {'c': 1}}]) }}|{{ toyaml({'a': [[1, 2], [3]]}) }}|{{ toyaml([]) }}|{{ toyaml({}) }}|{{ toyaml('') }}|{{ toyaml('a: b') }}|{{ toyaml(true) }}|{{ toyaml(1.0) }}|{{ toyaml('multi\nline') }}|{{ toyaml((1, (2, 3))) }}
{{ toyaml({'a': 'x' * 100}) }}|{{ toyaml({'a': 'word ' * 30}) }}|{{ toyaml({'a': 'quoted: word ' * 12 ~ 'end'}) }}|{{ toyaml(['it''s a long text that goes on and on and on until it has to be folded somewhere here']) }}|{{ toyaml({'a': '\n'}) }}|{{ toyaml({'a': '\n\nx'}) }}|{{ toyaml({'a': 'x\n\n\ny'}) }}|{{ toyaml({'a': 'x \ny'}) }}|{{ toyaml({'a': ' x\ny'}) }}|{{ toyaml({'a': '日本'}) }}|{{ toyaml({'é': 1}) }}|{{ toyaml({'a': '"'}) }}|{{ toyaml({'a': '\\'}) }}|{{ toyaml({'a': '\\é'}) }}
{{ toyaml(modules.datetime.datetime(2024, 1, 31, 10, 5)) }}|{{ toyaml({'t': modules.datetime.datetime(2024, 1, 31, 10, 5, tzinfo=modules.pytz.utc)}) }}|{{ toyaml(set([1])) }}|{{ toyaml({'s': set(['a'])}) }}|{{ toyaml(1e16) }}|{{ toyaml(1.5e-7) }}|{{ toyaml([1e400]) }}|{{ toyaml(-5) }}|{{ toyaml(undefined_name, 'd') }}|{{ toyaml({'b': 1, 'a': {'d': 1, 'c': 2}}, sort_keys=true) }}
{{ tojson([]) }}|{{ tojson({}) }}|{{ tojson({'a': {'b': [1, {'c': none}]}}) }}|{{ tojson('\u2028\x07/') }}|{{ tojson(1e16) }}|{{ tojson(0.1) }}|{{ tojson(1e400) }}|{{ tojson('😀') }}|{{ tojson({1.5: 1, (1, 2): 2}) is defined }}
{{ tojson({'b': 1, 'a': 2}, none, true) }}|{{ tojson({2: 'a', 1: 'b'}, sort_keys=true) }}
{{ tojson({1: 'a', 'b': 2}, sort_keys=true) }}
{{ tojson(undefined_name) }}
{{ tojson(dec, 'd') }}
{{ fromjson('[1, 1.0, 1e5, -0, 12345678901234567890, "\\u00e9", {"a": {}}]') }}|{{ fromjson('  1 ') }}|{{ fromjson('') }}|{{ fromjson('{"a": 1, "a": 2}') }}|{{ fromjson('NaN') }}|{{ fromjson('[1,]') }}|{{ fromjson("{'a': 1}", []) }}|{{ fromjson('null') }}|{{ fromjson('"x"') }}
{% set d = fromjson('{"a": [1]}') %}{% do d.a.append(2) %}{% do d.update({'b': 3}) %}{{ d }}
{{ set({'a': 1}) }}|{{ set('') }}|{{ set(none) }}|{{ set([(1, 2)]) }}|{{ set([1, 2]) == set([1, 2, 3]) }}|{{ set([1]) is iterable }}|{{ set([1]).issuperset([]) }}|{{ set([1]).isdisjoint([2]) }}|{{ set([1, 2]).symmetric_difference([2, 3]) | sort }}|{{ set([2, 1]) | list | sort | join(',') }}|{{ set([1]) | tojson is defined }}
{% set s = set([1]) %}{{ s.add(2) }}{{ s.pop() is number }}{% do s.clear() %}{{ s }}{{ s | length }}
{{ zip([1, 2]) | list }}|{{ zip([1], []) | list }}|{{ dict(zip(['a', 'b'], [1, 2])) }}|{{ zip(range(2), 'ab', [true, none]) | list }}|{{ zip(none) }}|{{ zip({'a': 1}, [2]) | list }}
{% for a, b in zip([1, 2], ['x', 'y']) %}{{ a }}{{ b }}{% endfor %}
{{ range(3, 0) | list }}|{{ range(-3) | list }}|{{ range(0, 10, 4) | list }}|{{ range(5)[1:3] | list }}|{{ 2 in range(3) }}|{{ range(5)[2] }}|{{ range(100000) | length }}|{{ range(3) | sum }}|{{ range(true) | list }}
{{ range() }}
{{ range(1.5) }}
{{ diff_of_two_dicts({'a': ['x', 'y']}, {}) }}|{{ diff_of_two_dicts({}, {'a': ['x']}) }}|{{ diff_of_two_dicts({'a': []}, {'b': []}) }}
""",
    "re": r"""
{% set m = modules.re.match('(\\w+)-(\\d+)', 'abc-12x') %}{{ m.group() }}|{{ m.group(1) }}|{{ m.group(1, 2) }}|{{ m.groups() }}|{{ m.start() }}|{{ m.end(2) }}|{{ m.span() }}|{{ m }}|{{ m[1] }}
{{ modules.re.match('b', 'abc') }}|{{ modules.re.search('b', 'abc') }}|{{ modules.re.fullmatch('a.c', 'abc') is not none }}|{{ modules.re.fullmatch('a', 'abc') is none }}
{{ modules.re.findall('\\d+', 'a1b22') }}|{{ modules.re.findall('(a)(b)?', 'aba') }}|{{ modules.re.findall('(a)b', 'abab') }}
{{ modules.re.sub('\\d', '#', 'a1b2') }}|{{ modules.re.sub('(a)(b)', '\\2\\1', 'abab') }}|{{ modules.re.sub('a', 'b', 'aaa', 2) }}|{{ modules.re.sub('(?P<x>a)', '[\\g<x>]', 'ba') }}|{{ modules.re.sub('x*', '-', 'abxd') }}|{{ modules.re.subn('a', 'b', 'aa') }}
{{ modules.re.sub('A', 'x', 'aA', flags=modules.re.IGNORECASE) }}|{{ modules.re.findall('^a', 'a\na', modules.re.M) }}|{{ modules.re.match('a.b', 'a\nb', modules.re.DOTALL) is not none }}|{{ modules.re.search('a b # c', 'ab', modules.re.X) is not none }}|{{ modules.re.I + 0 }}
{{ modules.re.split(',\\s*', 'a, b,c') }}|{{ modules.re.split('(,)', 'a,b') }}|{{ modules.re.split(',', 'a,b,c', 1) }}|{{ modules.re.split('x*', 'axb') }}
{% set p = modules.re.compile('(?P<y>\\d{4})-(?P<m>\\d\\d)') %}{{ p.match('2024-01').groupdict() }}|{{ p.search('x 2024-01').span() }}|{{ p.pattern }}|{{ p.groups }}|{{ p.findall('2024-01 2025-02') }}|{{ p.sub('x', '2024-01') }}
{{ modules.re.escape('a.b*c d_e-f') }}
{{ modules.re.match('(', 'a') }}
{{ modules.re.search('a$', 'a\n') is not none }}|{{ modules.re.search('a\\Z', 'a\n') is none }}|{{ modules.re.search('(?<=x)a', 'xa') is not none }}|{{ modules.re.search('(?!x)a', 'a') is not none }}|{{ modules.re.match('(a)\\1', 'aa') is not none }}|{{ modules.re.search('[]x]', ']') is not none }}|{{ modules.re.search('[[]', '[') is not none }}|{{ modules.re.search('a{,2}b', 'aab') is not none }}|{{ modules.re.search('{x}', '{x}') is not none }}
{% for m in modules.re.finditer('\\w', 'ab') %}{{ m.group(0) }}{{ m.start() }}{% endfor %}
{{ modules.re.match('(a)(b)?', 'a').groups() }}|{{ modules.re.match('(a)(b)?', 'a').groups('d') }}|{{ modules.re.match('(a)(b)?', 'a').group(2) }}
{{ modules.re.match('a', 'a').group(5) }}
{{ modules.re.sub('a', '\\q', 'a') }}
{{ modules.re.match('é', 'é').span() }}|{{ modules.re.search('x', '日x').start() }}
{{ modules.re.sub('\\s+', ' ', 'a  b\n c') }}|{{ modules.re.sub('[^a-z]', '', 'a1B-c') }}|{{ modules.re.sub('(?i)SELECT', 'x', 'select Select') }}|{{ modules.re.sub('^', '> ', 'a\nb', flags=modules.re.M) }}|{{ modules.re.sub('$', '!', 'a\nb', flags=modules.re.MULTILINE) }}|{{ modules.re.sub('$', '!', 'a\n') }}|{{ modules.re.sub('(a)|b', '[\\1]', 'ab') }}|{{ modules.re.sub('a', '\\n', 'xa') }}|{{ modules.re.sub('a', '\\\\', 'xa') }}|{{ modules.re.sub('\\.', '-', 'a.b') }}|{{ modules.re.sub('(.)', '\\g<0>\\g<1>', 'ab') }}|{{ modules.re.sub('a{2,3}', 'x', 'aaaaa') }}|{{ modules.re.sub('a*?', 'x', 'aa') }}|{{ modules.re.sub('\\b', '|', 'ab cd') }}|{{ modules.re.sub('é', 'e', 'café') }}|{{ modules.re.sub('a', '', 'banana', count=2) }}
{{ modules.re.findall('(\\w)(\\d)', 'a1b2') }}|{{ modules.re.findall('', 'ab') }}|{{ modules.re.findall('[\\w.]+@[\\w.]+', 'x a@b.c, d@e.f') }}|{{ modules.re.findall('(?m)^\\w+', 'ab\ncd') }}|{{ modules.re.findall('(?P<n>a)', 'aa') }}|{{ modules.re.findall('a|b', 'cab') }}|{{ modules.re.findall('"([^"]*)"', '"x" "y"') }}|{{ modules.re.findall('\\{\\{(.*?)\\}\\}', '{' ~ '{a}' ~ '} {' ~ '{b}' ~ '}') }}
{{ modules.re.split('\\W+', 'a, b; c') }}|{{ modules.re.split('(?<=,)', 'a,b') }}|{{ modules.re.split('', 'ab') }}|{{ modules.re.split('x', '') }}|{{ modules.re.split('(a)|(b)', 'xay') }}
{{ modules.re.match('\\d+', 'abc') }}|{{ modules.re.match('', 'abc') }}|{{ modules.re.search('(?P<y>\\d+)', 'a12').group('y') }}|{{ modules.re.search('(?P<y>\\d+)', 'a12')['y'] }}|{{ modules.re.search('b+', 'abbb').end() }}|{{ modules.re.search('x', 'a') is none }}|{{ modules.re.match('a', 'ab').string }}|{{ modules.re.match('(a)(b)', 'ab').lastindex }}|{{ modules.re.match('(?P<x>a)(?P=x)', 'aa').group() }}|{{ modules.re.match('a(?#comment)b', 'ab') is not none }}|{{ modules.re.match('(?:a|b)+', 'abc').group() }}|{{ modules.re.match('\\Aa\\Z', 'a') is not none }}|{{ modules.re.match('[\\d\\-/]+', '1-2/3').group() }}|{{ modules.re.match('[a&&b]+', 'a&b').group() }}|{{ modules.re.match('\\w+', 'é日').group() }}|{{ modules.re.match('a\\/b', 'a/b') is not none }}|{{ modules.re.match("a\\'b", "a'b") is not none }}
{{ 'y' if modules.re.match('a', 'a') else 'n' }}|{{ 'y' if modules.re.match('b', 'a') else 'n' }}|{{ 'y' if modules.re.search('', '') else 'n' }}
{% set p = modules.re.compile('a+', modules.re.I) %}{{ p.findall('aAb') }}|{{ p.match('xa') }}|{{ p.search('xa').start() }}|{{ p.split('baab') }}|{{ p.subn('', 'aab') }}|{{ p.fullmatch('AA') is not none }}|{{ p.flags }}|{{ p.match('xaa', 1).span() }}|{{ modules.re.sub(p, 'x', 'bA') }}
{{ modules.re.match('*a', 'a') }}
{{ modules.re.match('(?P<1a>x)', 'x') }}
{{ modules.re.match(5, 'x') }}
{{ modules.re.match('a', 5) }}
{{ modules.re.sub('a', 'b') }}
""",
    "itertools": r"""
{{ modules.itertools.chain([1], 'ab', (2,)) | list }}|{{ modules.itertools.product([1, 2], 'ab') | list }}|{{ modules.itertools.product([0, 1], repeat=2) | list }}
{{ modules.itertools.combinations('abc', 2) | list }}|{{ modules.itertools.permutations([1, 2, 3], 2) | list }}|{{ modules.itertools.permutations([1, 2]) | list }}|{{ modules.itertools.combinations_with_replacement('ab', 2) | list }}
{{ modules.itertools.zip_longest([1, 2], ['a']) | list }}|{{ modules.itertools.zip_longest([1, 2], ['a'], fillvalue='-') | list }}
{{ modules.itertools.islice([1, 2, 3, 4], 2) | list }}|{{ modules.itertools.islice([1, 2, 3, 4], 1, none) | list }}|{{ modules.itertools.islice([1, 2, 3, 4], 0, 4, 2) | list }}
{{ zip('ab', modules.itertools.count(1)) | list }}|{{ modules.itertools.islice(modules.itertools.count(5, 2), 3) | list }}|{{ modules.itertools.islice(modules.itertools.cycle('ab'), 3) | list }}|{{ modules.itertools.repeat('x', 2) | list }}
{{ modules.itertools.accumulate([1, 2, 3]) | list }}|{{ modules.itertools.accumulate([1, 2], initial=10) | list }}|{{ modules.itertools.compress('abc', [1, 0, 1]) | list }}
{{ modules.itertools.groupby is defined }}
{{ modules.itertools.chain() | list }}|{{ modules.itertools.chain([[1], [2]]) | list }}|{{ modules.itertools.product('ab') | list }}|{{ modules.itertools.product() | list }}|{{ modules.itertools.product([], [1]) | list }}|{{ modules.itertools.combinations([1], 2) | list }}|{{ modules.itertools.combinations([1, 2, 3], 0) | list }}|{{ modules.itertools.permutations('abc') | list | length }}|{{ modules.itertools.islice('abcd', 1, 3) | list }}|{{ modules.itertools.zip_longest() | list }}|{{ modules.itertools.accumulate(['a', 'b']) | list }}|{{ modules.itertools.starmap(range, [(0, 2), (1, 3)]) | map('list') | list }}|{{ modules.itertools.tee([1, 2])[1] | list }}
{{ modules.itertools.chain(5) | list }}
{{ modules.itertools.islice([1], -1) | list }}
{% for a in modules.itertools.count() %}{{ a }}{% if a > 2 %}{% break %}{% endif %}{% endfor %}
""",
    "datetime": r"""
{% set d = modules.datetime.date(2024, 1, 31) %}{{ d }}|{{ [d] }}|{{ d.year }}|{{ d.month }}|{{ d.day }}|{{ d.weekday() }}|{{ d.isoweekday() }}|{{ d.isoformat() }}|{{ d.strftime('%d.%m.%Y %A %j') }}|{{ d.toordinal() }}|{{ d.replace(day=1) }}
{% set t = modules.datetime.datetime(2024, 1, 31, 13, 5, 9, 123456) %}{{ t }}|{{ [t] }}|{{ t.hour }}|{{ t.minute }}|{{ t.second }}|{{ t.microsecond }}|{{ t.date() }}|{{ t.time() }}|{{ t.isoformat() }}|{{ t.isoformat(' ', 'seconds') }}|{{ t.strftime('%Y-%m-%dT%H:%M:%S.%f %I %p %y %b %B %a %U %W %w %%') }}
{{ modules.datetime.datetime(2024, 1, 31) }}|{{ modules.datetime.datetime(2024, 1, 31, tzinfo=modules.pytz.utc) }}|{{ [modules.datetime.datetime(2024, 1, 31, tzinfo=modules.pytz.utc)] }}
{{ modules.datetime.date(2024, 2, 30) }}
{{ modules.datetime.datetime(2024, 1) }}
{{ modules.datetime.timedelta(days=1, hours=2) }}|{{ modules.datetime.timedelta(seconds=-1) }}|{{ modules.datetime.timedelta(0) }}|{{ [modules.datetime.timedelta(1, 2, 3)] }}|{{ modules.datetime.timedelta(weeks=1).days }}|{{ modules.datetime.timedelta(hours=25).total_seconds() }}|{{ modules.datetime.timedelta(hours=25).seconds }}|{{ modules.datetime.timedelta(milliseconds=1500) }}|{{ modules.datetime.timedelta(days=-2) }}
{% set d = modules.datetime.date(2024, 1, 31) %}{% set w = modules.datetime.timedelta(days=7) %}{{ d + w }}|{{ d - w }}|{{ (d + w) - d }}|{{ ((d + w) - d).days }}|{{ w * 2 }}|{{ w / 2 }}|{{ w / w }}|{{ w // w }}|{{ -w }}|{{ d < d + w }}|{{ d == d }}
{{ modules.datetime.datetime(2024, 1, 1) - modules.datetime.datetime(2023, 12, 31, 12) }}|{{ modules.datetime.datetime(2024, 1, 1) + modules.datetime.timedelta(minutes=90) }}
{{ modules.datetime.date(2024, 1, 1) + 1 }}
{{ modules.datetime.datetime.strptime('2024-01-31 13:05', '%Y-%m-%d %H:%M') }}|{{ modules.datetime.datetime.strptime('31/Jan/24', '%d/%b/%y') }}|{{ modules.datetime.datetime.strptime('2024-01-31T10:00:00+0200', '%Y-%m-%dT%H:%M:%S%z') }}|{{ modules.datetime.datetime.strptime('01:05 PM', '%I:%M %p') }}|{{ modules.datetime.datetime.strptime('20240131', '%Y%m%d').date() }}|{{ modules.datetime.datetime.strptime('5.5', '%S.%f') }}
{{ modules.datetime.datetime.strptime('x', '%Y') }}
{{ modules.datetime.datetime.strptime('2024-01-31x', '%Y-%m-%d') }}
{{ modules.datetime.datetime.fromisoformat('2024-01-31') }}|{{ modules.datetime.datetime.fromisoformat('2024-01-31T10:20:30.5+02:00') }}|{{ modules.datetime.date.fromisoformat('2024-01-31') }}|{{ modules.datetime.datetime.fromisoformat('20240131T102030') }}|{{ modules.datetime.datetime.fromisoformat('2024-01-31 10:20') }}|{{ modules.datetime.datetime.fromisoformat('2024-01-31T10:20:30Z') }}|{{ modules.datetime.date.fromisoformat('2024-W05-3') }}
{{ modules.datetime.datetime.fromisoformat('bad') }}
{{ modules.datetime.datetime.combine(modules.datetime.date(2024, 1, 1), modules.datetime.time(10, 30)) }}|{{ modules.datetime.time(10, 30) }}|{{ [modules.datetime.time(10, 30, 5)] }}|{{ modules.datetime.time(10, 30).strftime('%H:%M') }}
{% set tz = modules.pytz.timezone('America/New_York') %}{{ tz }}|{% set t = tz.localize(modules.datetime.datetime(2024, 7, 1, 12)) %}{{ t }}|{{ t.astimezone(modules.pytz.utc) }}|{{ t.strftime('%Z %z') }}|{{ t.utcoffset() }}|{{ t.tzname() }}|{{ t.dst() }}|{{ [t] }}
{% set t = modules.datetime.datetime(2024, 1, 1, 12, tzinfo=modules.pytz.utc) %}{{ t.astimezone(modules.pytz.timezone('Europe/Berlin')) }}|{{ t.isoformat() }}|{{ t.timestamp() }}|{{ t.replace(tzinfo=none) }}|{{ t.tzinfo }}|{{ modules.datetime.datetime(2024, 1, 1, tzinfo=modules.pytz.timezone('America/New_York')) }}
{{ modules.pytz.timezone('Nope/Nope') }}
{{ modules.pytz.utc.localize(modules.datetime.datetime(2024, 1, 1)) }}|{{ modules.pytz.FixedOffset(90) }}|{{ modules.pytz.utc }}|{{ modules.datetime.datetime(2024, 1, 1).tzinfo }}
{{ modules.datetime.datetime.now() is defined }}|{{ modules.datetime.datetime.now().year > 2000 }}|{{ modules.datetime.datetime.utcnow().strftime('%Y') | length }}|{{ modules.datetime.datetime.now(modules.pytz.utc).tzname() }}|{{ modules.datetime.date.today() is string }}
{{ modules.datetime.datetime(2024, 1, 1) - modules.datetime.datetime(2024, 1, 1, tzinfo=modules.pytz.utc) }}
{{ modules.datetime.datetime.fromtimestamp(0, modules.pytz.utc) }}|{{ modules.datetime.datetime.utcfromtimestamp(1.5) }}
{{ [modules.datetime.date(2024, 2, 1), modules.datetime.date(2024, 1, 1)] | sort | first }}|{{ [modules.datetime.date(2024, 2, 1)] | max }}
{{ modules.datetime.datetime(2024, 1, 31).isocalendar()[1] }}|{{ modules.datetime.date.max }}|{{ modules.datetime.datetime(2024, 1, 31).ctime() }}
{{ modules.datetime.datetime(2024, 3, 5).strftime('%-d/%-m %e %F %T %D %k %l %h %C %G-W%V-%u') }}
{% set t = modules.datetime.datetime(2024, 2, 29, 23, 59, 59) %}{{ t + modules.datetime.timedelta(seconds=1) }}|{{ t.replace(year=2020, hour=0) }}|{{ t - modules.datetime.timedelta(days=60, hours=3) }}|{{ t.date() - modules.datetime.date(2024, 1, 1) }}|{{ t.timetuple()[0] }}|{{ t.isoweekday() }}|{{ t.toordinal() }}|{{ t.strftime('%s') | length }}|{{ t.strftime('%Q %') }}|{{ t.strftime('%c|%x|%X') }}|{{ t.strftime('') }}|{{ t.strftime('%G-%V-%u|%y%m%d') }}
{{ modules.datetime.datetime(2024, 2, 29).replace(year=2023) }}
{{ modules.datetime.datetime(2024, 13, 1) }}
{{ modules.datetime.datetime(2024, 1, 1, 25) }}
{{ modules.datetime.datetime(0, 1, 1) }}
{{ modules.datetime.date(9999, 12, 31) + modules.datetime.timedelta(1) }}
{{ modules.datetime.timedelta(days=1, seconds=3661, microseconds=5) }}|{{ modules.datetime.timedelta(days=1.5) }}|{{ modules.datetime.timedelta(hours=-1) }}|{{ modules.datetime.timedelta(days=2) }}|{{ modules.datetime.timedelta(1) + modules.datetime.timedelta(hours=1) }}|{{ modules.datetime.timedelta(1) > modules.datetime.timedelta(0) }}|{{ modules.datetime.timedelta(hours=5) / 2.5 }}|{{ modules.datetime.timedelta(hours=5) // modules.datetime.timedelta(hours=2) }}|{{ modules.datetime.timedelta(hours=5) * 0.5 }}|{{ modules.datetime.timedelta(-1).total_seconds() }}|{{ modules.datetime.timedelta(hours=-1) | abs }}|{{ [modules.datetime.timedelta(0)] }}|{{ modules.datetime.timedelta(minutes=5).microseconds }}
{{ modules.datetime.timedelta('x') }}
{{ modules.datetime.timedelta(1) + 1 }}
{{ modules.datetime.timedelta(1) / 0 }}
{{ modules.datetime.date(2024, 1, 1) < modules.datetime.date(2024, 1, 2) }}|{{ modules.datetime.date(2024, 1, 1) == modules.datetime.date(2024, 1, 1) }}|{{ modules.datetime.date(2024, 1, 1) in [modules.datetime.date(2024, 1, 1)] }}|{{ modules.datetime.date(2024, 1, 1) == '2024-01-01' }}|{{ modules.datetime.datetime(2024, 1, 1) != modules.datetime.datetime(2024, 1, 1) }}|{{ modules.datetime.date(2024, 1, 1) ~ '' }}|{{ modules.datetime.date(2024, 1, 1) | string | length }}
{{ modules.datetime.date(2024, 1, 1) < 5 }}
{{ modules.datetime.date(2024, 1, 1) - modules.datetime.datetime(2024, 1, 1) }}
{% set d = {modules.datetime.date(2024, 1, 1): 'x'} %}{{ d[modules.datetime.date(2024, 1, 1)] }}{{ d }}
{{ modules.datetime.datetime.strptime('Mon Jan  1 2024', '%a %b %d %Y') }}|{{ modules.datetime.datetime.strptime('2024 032', '%Y %j') }}|{{ modules.datetime.datetime.strptime('2024-W05-3', '%G-W%V-%u') }}|{{ modules.datetime.datetime.strptime('12:30:45.123', '%H:%M:%S.%f') }}|{{ modules.datetime.datetime.strptime('2024-01-01 10:00 UTC', '%Y-%m-%d %H:%M %Z') }}|{{ modules.datetime.datetime.strptime('2024-01-01+05:30', '%Y-%m-%d%z') }}|{{ modules.datetime.datetime.strptime('12 AM', '%I %p') }}|{{ modules.datetime.datetime.strptime('69', '%y').year }}|{{ modules.datetime.datetime.strptime('68', '%y').year }}|{{ modules.datetime.datetime.strptime('january 5', '%B %d') }}|{{ modules.datetime.datetime.strptime('1/2/2024', '%m/%d/%Y') }}|{{ modules.datetime.datetime.strptime('2024 10 1', '%Y %W %w') }}
{{ modules.datetime.datetime.strptime('2024-02-30', '%Y-%m-%d') }}
{{ modules.datetime.datetime.strptime('24', '%Y') }}
{{ modules.datetime.datetime.strptime('x', '%Q') }}
{{ modules.datetime.datetime.fromisoformat('2024-01-31T10:20:30.123456+00:00') }}|{{ modules.datetime.datetime.fromisoformat('2024-01-31T10') }}|{{ modules.datetime.datetime.fromisoformat('2024-01-31T10:20:30.123') }}|{{ modules.datetime.datetime.fromisoformat('2024-01-31T10:20:30-0500') }}|{{ modules.datetime.time.fromisoformat('10:20:30') }}|{{ [modules.datetime.datetime.fromisoformat('2024-01-31T00:00:00+05:30')] }}
{{ modules.datetime.date.fromisoformat('2024-1-1') }}
{% set tz = modules.pytz.timezone('Europe/London') %}{{ tz.localize(modules.datetime.datetime(2024, 10, 27, 1, 30)) }}|{{ tz.localize(modules.datetime.datetime(2024, 10, 27, 1, 30), is_dst=true) }}|{{ tz.localize(modules.datetime.datetime(2024, 3, 31, 1, 30)) }}|{{ tz.normalize(tz.localize(modules.datetime.datetime(2024, 3, 30, 12)) + modules.datetime.timedelta(days=1)) }}|{{ tz.localize(modules.datetime.datetime(2024, 3, 30, 12)) + modules.datetime.timedelta(days=1) }}|{{ tz.zone }}|{{ tz.utcoffset(modules.datetime.datetime(2024, 7, 1)) }}|{{ tz.tzname(modules.datetime.datetime(2024, 7, 1)) }}|{{ [tz] }}
{% set a = modules.pytz.timezone('US/Pacific').localize(modules.datetime.datetime(2024, 1, 1)) %}{% set b = modules.pytz.utc.localize(modules.datetime.datetime(2024, 1, 1, 8)) %}{{ a == b }}|{{ a - b }}|{{ a.astimezone(modules.pytz.timezone('Asia/Tokyo')).isoformat() }}|{{ b.strftime('%Y-%m-%dT%H:%M:%S%z') }}|{{ b.tzinfo.zone }}|{{ b.utctimetuple()[3] }}|{{ a.strftime('%Z') }}
{{ modules.pytz.timezone('utc') }}|{{ modules.pytz.timezone('europe/berlin') }}|{{ 'Europe/Paris' in modules.pytz.all_timezones }}|{{ modules.pytz.common_timezones | length > 400 }}|{{ modules.pytz.UTC.localize(modules.datetime.datetime(2024, 1, 1)).tzname() }}
{{ modules.datetime.time(25) }}
{{ modules.datetime.time() }}|{{ modules.datetime.time(1, 2, 3, 4) }}|{{ modules.datetime.time(1, 2).isoformat() }}|{{ modules.datetime.time(1) < modules.datetime.time(2) }}|{{ modules.datetime.time(1, 2).replace(hour=5) }}|{{ modules.datetime.datetime.min }}|{{ modules.datetime.datetime.max }}|{{ modules.datetime.timedelta.max }}|{{ modules.datetime.date.min }}
""",
    "names": r"""
{% set loop = 5 %}{{ loop }}
{% set loop = 5 %}{% for x in [1] %}{{ loop.index }}{% endfor %}{{ loop }}
{% set self = 5 %}{{ self }}{{ self + 1 }}{{ [self] }}
{% set self = namespace(x=1) %}{% set self.x = 2 %}{{ self.x }}
{% for self in [1, 2] %}{{ self }}{{ loop.index }}{% endfor %}
{% for x in [1, 2] %}{% set loop = 7 %}{{ loop }}{% endfor %}
{% for loop in [1, 2] %}{{ loop }}{% endfor %}
{% for loop, y in [(1, 2)] %}{{ loop }}{% endfor %}
{% with self = 3, loop = 4 %}{{ self }}{{ loop }}{% endwith %}{{ loop }}
{% set a, loop = 1, 2 %}{{ loop }}
{% set ns = namespace(loop=1) %}{% set ns.loop = 3 %}{{ ns.loop }}
{% set loop %}abc{% endset %}{{ loop }}
{% set a = 1 %}{% for x in [1] %}{% set self = x %}{{ self }}{% endfor %}{{ a }}
{% for x in [1, 2] %}{% for y in [3] %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}{{ loop is defined }}
{{ loop }}|{{ loop is defined }}|{{ {'self': 1}.self }}|{{ {'loop': 2}['loop'] }}|{{ dict(self=1, loop=2) }}
""",
    "rest": r"""
{{ '5' | as_number }}|{{ 'true' | as_bool }}|{{ 'x' | as_text }}|{{ [1] | as_native }}|{{ [1] | is_list }}|{{ 'a' | is_list }}|{{ (1,) | is_list }}
{{ [1, 2, 3] | select('!=', 2) | list }}|{{ [1, 2, 3] | select('<=', 2) | list }}|{{ [1, 2, 3] | select('==', 2) | list }}|{{ [1, 2, 3] | reject('>=', 2) | list }}
{% set s = set([1, 2, 3]) %}{{ s.difference_update([1]) }}{{ s | sort }}{% do s.intersection_update([2, 5]) %}{{ s }}{% do s.symmetric_difference_update([2, 7]) %}{{ s }}
{{ (5).conjugate() }}|{{ (7).bit_count() }}|{{ (1.5).conjugate() }}
{{ dec.adjusted() }}|{{ dec.copy_sign(-1) }}|{{ dec.is_finite() }}|{{ dec.is_nan() }}|{{ dec.to_eng_string() }}|{{ dec.to_integral_exact() }}|{{ dec.conjugate() }}|{{ dec.fma(2, 3) }}|{{ dec.radix() }}|{{ dec.canonical() }}|{{ dec.same_quantum(dec) }}|{{ dec.compare(2) }}|{{ dec.copy_abs() }}|{{ dec.copy_negate() }}|{{ dec.is_signed() }}|{{ dec.is_infinite() }}|{{ dec.to_integral_value() }}|{{ dec.to_integral() }}|{{ (dec * 6).sqrt() }}|{{ dec.max(2) }}|{{ dec.min(2) }}|{{ dec.is_zero() }}|{{ dec.normalize() }}|{{ dec.quantize(dec) }}
{{ modules.datetime.date.fromordinal(738000) }}|{{ modules.datetime.date.fromisocalendar(2024, 5, 3) }}|{{ modules.datetime.datetime.fromordinal(738000) }}|{{ modules.datetime.datetime.fromisocalendar(2024, 5, 3) }}|{{ modules.datetime.date.resolution }}|{{ modules.datetime.datetime.resolution }}|{{ modules.datetime.time.resolution }}|{{ modules.datetime.timedelta.resolution }}|{{ modules.datetime.datetime(2024, 1, 1).fold }}|{{ modules.datetime.time(1).fold }}|{{ modules.datetime.datetime(2024, 1, 1, 5).timetz() }}
{% for x in [1, 2] %}{{ loop.revindex0 }}{{ loop.depth }}{{ loop.depth0 }}{% for y in [1] %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}{% endfor %}
{{ modules.re.match('a.b', 'a\nb', modules.re.S) is none }}|{{ modules.re.sub('a # x', 'y', 'a', flags=modules.re.VERBOSE) }}|{{ modules.re.search('\\w', 'é', modules.re.UNICODE) is none }}|{{ modules.re.purge() }}|{{ modules.re.IGNORECASE | int }}|{{ modules.re.I | int }}|{{ modules.re.search('a', 'A', modules.re.U) is none }}
{{ 'Europe/Paris' in modules.pytz.all_timezones_set }}|{{ 'Europe/Paris' in modules.pytz.common_timezones_set }}
""",
    "compare": r"""
{{ dec == 0.1 + 1.4 }}|{{ dec / 15 == 0.1 }}|{{ dec / 15 < 0.1 }}|{{ dec <= 1.5 }}|{{ [dec] == [1.5] }}|{{ (dec, 1) < (2, 0) }}|{{ [dec, 1.5, 1] | unique | list }}|{{ dec == true }}|{{ dec in (1, 1.5) }}|{{ dec not in {} }}
{{ 12345678901234567890 < 12345678901234567891 }}|{{ 9007199254740993 == 9007199254740993.0 }}|{{ 9007199254740993 > 9007199254740992.0 }}
{{ 'a' in dec }}
{{ 1 < 'a' < 2 }}
""",
}


# Templates made at random, of a seed: `<kind>` stands for any expression of that kind.
SEED = 20240131
GENERATED = 4000
SHAPES = [
    "{{ <any> }}",
    "{{ <any> }}",
    "{{ [<any>, {'k': <any>}] }}",
    "{% set x = <any> %}{{ x }} {{ [x] }} {{ x ~ <any> }} {{ x == <any> }} {{ x in <list> }}",
    "{% set x = <list> %}{% set y = <dict> %}{% do x.append(<any>) %}{% do y.update({'z': x}) %}{{ x }} {{ y }}",
    "{% for x in <list> %}{{ x }}{{ loop.last }}{% if x == <any> %}!{% endif %}{% endfor %}",
    "{% if <truth> %}{{ <any> }}{% elif <any> %}{{ <text> }}{% else %}{{ <number> }}{% endif %}",
]
LEAVES = {
    "number": ["0", "1", "2", "-3", "7", "2.5", "-0.5", "1e3", "0.1", "dec", "12345678901"],
    "text": ["''", "'a'", "'Ab c'", "'x,y,'", "'é%'", '"it\'s"', "' 7 '", "'1.5'", "'a\\nb'"],
    "list": ["[]", "[1, 2, 3]", "['b', 'a', 'B']", "[3, 1.5, dec]", "[[2], [1, 0]]", "(1, 2)", "['a', none]"],
    "dict": ["{}", "{'a': 1}", "{'b': [1], 'a': none}", "{1: 'x', (2, 3): {}}"],
    "truth": ["true", "false", "none", "undefined_name", "0", "'x'"],
}
RULES = {
    "number": """<number> + <number>;<number> - <number>;<number> * <number>;(<number> + <number>) * <number>
        <number> / <number>;<number> // <number>;<number> % <number>;-(<number>);<any> | length
        <text> | int;<text> | float;<number> | round(1);<number> | abs;<number> | int(5)
        (<number>) if <truth> else (<number>);<list> | sum;(<text>).count(<text>);(<text>).find(<text>)
        (<list>).index(<any>);(<list>) | max;(<number>) ** 2;(<list>)[0];(<dict>)['a'];<number> | float""",
    "text": """<text> ~ <any>;<any> ~ <any> ~ <any>;<text> + <text>;(<text>) * 2;<text> | upper;<text> | title
        (<text>)[<slice>];<list> | join('-');<any> | string;(<text>).replace(<text>, <text>);<text> | trim
        '%s %r' % (<any>, <any>);'%5.2f' % (<number>);'{} {!r:>6}'.format(<any>, <text>);(<text>).strip(<text>)
        <any> | default('d', true);<any> | tojson;(<text>).partition(',')[0];<text> | replace(<text>, '+')
        (<text>).center(7, '*');<text> | capitalize;(<list>) | first;(<text>).zfill(4);<text> | e""",
    "list": """[<any>, <any>];[<number>, <number>];(<any>, <text>);<list> + <list>;(<list>) * 2;(<list>)[<slice>]
        <list> | sort;<list> | map('string') | list;<list> | unique | list;(<text>).split(',');<list> | reverse | list
        (<dict>).items() | list;<text> | list;<list> | select | list;<dict> | dictsort;(<dict>).keys() | list
        <list> | reject('in', <list>) | list;<list> | batch(2) | list;zip(<list>, <text>) | list;range(4)[<slice>] | list""",
    "dict": """{'k': <any>, 'm': <any>};{'a': <list>};dict(a=<any>);(<dict>) if <truth> else (<dict>)
        (<dict>).copy();{<text>: <any>};dict([('k', <any>)])""",
    "truth": """<number> < <number>;<number> <= <number> < <number>;<any> == <any>;<any> != <any>;<any> in <list>
        <text> in <text>;<text> not in <dict>;<text> >= <text>;<truth> and <truth>;<truth> or <any>;not <truth>
        <list> < <list>;<any> is number;<any> is string;<any> is sameas none;<number> > <any>;<dict> == <dict>
        <list> == <list>;<number> in <list>;<any> is iterable;(<text>).startswith(<text>);<number> == <number>""",
}
SLICES = ["1:", ":-1", "::-1", "::2", "-2:", "0:9", ":"]


class Generator:
    """Expressions of a kind, at random. One in twelve is of another kind: errors are answers too."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.rules = {kind: re.split(r";|\n\s*", text) for kind, text in RULES.items()}

    def fill(self, text, depth):
        return re.sub("<([a-z]+)>", lambda hole: self.expression(hole[1], depth), text)

    def expression(self, kind, depth):
        if kind == "slice":
            return self.random.choice(SLICES)
        if kind == "any" or self.random.random() < 1 / 12:
            kind = self.random.choice(list(LEAVES))
        if depth == 0 or self.random.random() < 0.25:
            return self.random.choice(LEAVES[kind])
        filled = self.fill(self.random.choice(self.rules[kind]), depth - 1)
        return f"({filled})" if self.random.random() < 0.6 else filled

    def template(self):
        return self.fill(self.random.choice(SHAPES), self.random.choice([1, 2, 2, 3]))


def context():
    names = ["fromjson", "tojson", "fromyaml", "toyaml", "set_strict", "zip_strict", "local_md5", "diff_of_two_dicts"]

    functions = {name: getattr(BaseContext, name) for name in names}
    functions["set"] = BaseContext._set
    functions["zip"] = BaseContext._zip
    return {**functions, "modules": get_context_modules(), "dec": Decimal("1.50")}


def record(name, template):
    try:
        rendered = get_environment(None, capture_macros=False).from_string(template).render(context())
        return {"name": name, "template": template, "ok": rendered}
    except Exception as error:  # every class of error is an answer
        return {"name": name, "template": template, "err": type(error).__name__}


def templates(family, text):
    """One template a line. A line that prints several things gives one template for each."""
    for line in text.strip("\n").split("\n"):
        parts = line.split("}}|{{") if line.startswith("{{") and line.endswith("}}") else [line]
        last = len(parts) - 1
        for at, part in enumerate(parts):
            yield ("{{" if at else "") + part + ("}}" if at < last else "")


# Members that karat does not have (COMPATIBILITY.md): logic on the digits of decimals, logarithms, countries.
NEEDLESS = {
    "Decimal": """as_integer_ratio as_tuple imag real number_class compare_signal compare_total compare_total_mag exp from_float
        is_canonical is_normal is_qnan is_snan is_subnormal ln log10 logb logical_and logical_invert logical_or
        logical_xor max_mag min_mag next_minus next_plus next_toward remainder_near rotate scaleb shift""",
    "int": "denominator from_bytes imag numerator real to_bytes",
    "float": "fromhex hex imag real",
    "bytes": "fromhex hex",
    "re": "A ASCII template error Pattern Match L LOCALE NOFLAG RegexFlag",
    "pytz": "country_names country_timezones AmbiguousTimeError InvalidTimeError NonExistentTimeError UnknownTimeZoneError BaseTzInfo",
}


def members():
    """Names by kind: all that a template can reach from a value or a module."""
    kinds = [str, list, dict, tuple, set, int, float, Decimal, bytes]
    kinds += [datetime.date, datetime.datetime, datetime.time, datetime.timedelta]
    yield from ((kind.__name__, [name for name in dir(kind) if not name.startswith("_")]) for kind in kinds)
    yield from ((name, list(module)) for name, module in get_context_modules().items())
    yield "loop", "index index0 revindex revindex0 first last length cycle depth depth0 previtem nextitem changed".split()


def uncovered(text):
    """Filters, tests, globals, context members and methods that no template uses."""
    environment = get_environment(None, capture_macros=False)
    used = {name: re.search(rf"(\||% filter) *{name}\b", text) for name in environment.filters}
    used |= {name: re.search(rf"\bis (not )?{re.escape(name)}\b|'{re.escape(name)}'", text) for name in environment.tests}
    used |= {name: re.search(rf"\b{name}\(", text) for name in environment.globals}
    used |= {name: re.search(rf"\b{name}\b", text) for name in context()}
    for kind, names in members():
        left_out = NEEDLESS.get(kind, "").split()
        used |= {f"{kind}.{n}": re.search(rf"\.{n}\b", text) for n in names if n not in left_out}
    return [name for name, found in used.items() if not found]


def main(path):
    set_from_args(argparse.Namespace(), {})
    cases = []
    for family, text in CASES.items():
        for number, template in enumerate(templates(family, text), 1):
            cases.append(record(f"{family}_{number:03}", template))
    generator = Generator(SEED)
    for number in range(1, GENERATED + 1):
        cases.append(record(f"generated_{number:03}", generator.template()))
    if missing := uncovered("\n".join(case["template"] for case in cases)):
        sys.exit("no template uses " + ", ".join(missing))
    rows = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    pathlib.Path(path).write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    print(len(cases), "templates,", sum("err" in case for case in cases), "of them errors")


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parent
    main(sys.argv[1] if len(sys.argv) > 1 else here.parent / "tests" / "it" / "jinja_corpus.json")
