"""A day of the official Python SDK (coinbase-advanced-py): every call a spot bot makes, with what came of each.

Reads where to go as JSON from stdin and prints one JSON line for each call: ["name", what it gave]. It shares no code
with us. Run by coinbase-peer.ts with the SDK's checkout on PYTHONPATH.
"""

import json
import logging
import sys
import time
import uuid
from types import SimpleNamespace

import requests
from coinbase.rest import RESTClient
from coinbase.websocket import WebsocketResponse, WSClient, WSUserClient
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from requests.adapters import HTTPAdapter
from requests.exceptions import HTTPError

logging.disable(logging.CRITICAL)
TO = json.load(sys.stdin)
SECURE = TO["rest"].startswith("https:")
HOST = TO["rest"].split("//")[1]
PRODUCT = "BTC-USD"


class Plain(HTTPAdapter):
    """The SDK always says https; over plain http only the scheme of the connection is changed."""

    def send(self, request, **kw):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **kw)


class Even:
    """The SDK's answers with attributes all the way down; it leaves some parts as plain dictionaries."""

    def __init__(self, rest):
        self.rest = rest

    def __getattr__(self, name):
        call = getattr(self.rest, name)

        def asked(*args, **kw):
            answer = json.dumps(call(*args, **kw), default=vars)
            return json.loads(answer, object_hook=lambda parts: SimpleNamespace(**parts))

        return asked


def client(name=TO["apiKey"], secret=TO["apiSecret"], **kw):
    one = RESTClient(api_key=name, api_secret=secret, base_url=HOST, timeout=10, **kw)
    if not SECURE:
        one.session.mount("https://" + HOST, Plain())
    return Even(one)


def tell(name, value):
    print(json.dumps([name, value]), flush=True)


def fresh():
    return str(uuid.uuid4())


def status(call):
    try:
        call()
    except HTTPError as error:
        return error.response.status_code
    return "no error"


def control(do, **kw):
    # The exchange's own page, asked as anybody may on this machine.
    requests.post(TO["rest"] + "/control", json={"do": do, **kw}, timeout=10).raise_for_status()


def read_all(rest):
    now = int(time.time())
    span = {"start": str(now - 3600), "end": str(now), "granularity": "ONE_MINUTE"}
    accounts = rest.get_accounts().accounts
    portfolio = rest.get_portfolios().portfolios[0]
    method = rest.list_payment_methods().payment_methods[0]
    tell("get_unix_time", abs(int(rest.get_unix_time().epoch_seconds) - now) < 5)
    tell("get_api_key_permissions", rest.get_api_key_permissions().can_trade)
    tell("get_accounts", [account.currency for account in accounts])
    tell("get_account", rest.get_account(accounts[0].uuid).account.currency)
    tell("get_portfolios", portfolio.type)
    breakdown = rest.get_portfolio_breakdown(portfolio.uuid).breakdown
    tell("get_portfolio_breakdown", len(breakdown.spot_positions) > 0)
    tell("get_payment_method", rest.get_payment_method(method.id).payment_method.type)
    tell("get_products", [product.product_id for product in rest.get_products().products])
    tell("get_product", rest.get_product(PRODUCT).price)
    book = rest.get_product_book(PRODUCT, limit=5).pricebook
    tell("get_product_book", [len(book.bids), len(book.asks)])
    best = rest.get_best_bid_ask([PRODUCT, "ETH-USD"]).pricebooks
    tell("get_best_bid_ask", [one.product_id for one in best])
    tell("get_candles", len(rest.get_candles(PRODUCT, **span).candles) > 0)
    tell("get_market_trades", len(rest.get_market_trades(PRODUCT, limit=3).trades))
    tell("get_public_products", len(rest.get_public_products().products))
    tell("get_public_product", rest.get_public_product(PRODUCT).price)
    tell("get_public_product_book", len(rest.get_public_product_book(PRODUCT, limit=2).pricebook.bids))
    tell("get_public_candles", len(rest.get_public_candles(PRODUCT, **span).candles) > 0)
    tell("get_public_market_trades", len(rest.get_public_market_trades(PRODUCT, limit=2).trades))
    tell("get_transaction_summary", rest.get_transaction_summary().fee_tier.taker_fee_rate)


def trade_all(rest):
    placed = rest.limit_order_gtc_buy(fresh(), PRODUCT, "0.01", "6000.00", post_only=True)
    order = placed.success_response.order_id
    tell("limit_order_gtc_buy", placed.success)
    tell("preview_limit_order_gtc_buy", rest.preview_limit_order_gtc_buy(PRODUCT, "0.01", "6000.00").errs)
    tell("preview_edit_order", rest.preview_edit_order(order, size="0.02", price="6100.00").errors)
    edited = rest.edit_order(order, size="0.02", price="6100.00")
    tell("edit_order", [edited.success, edited.errors])
    shown = rest.get_order(order).order
    tell("get_order", [shown.status, shown.order_configuration.limit_limit_gtc.limit_price])
    tell("list_orders", len(rest.list_orders(product_ids=[PRODUCT], order_status=["OPEN"]).orders))
    tell("cancel_orders", [result.success for result in rest.cancel_orders([order]).results])
    bought = rest.market_order_buy(fresh(), PRODUCT, quote_size="50.00").success_response.order_id
    fills = rest.get_fills(order_ids=[bought]).fills
    tell("get_fills", [fills[0].size_in_quote, fills[0].liquidity_indicator])
    tell("market_order_sell", rest.market_order_sell(fresh(), PRODUCT, base_size="0.005").success)
    tell("limit_order_ioc_buy", rest.limit_order_ioc_buy(fresh(), PRODUCT, "0.001", "7100.00").success)
    tell("limit_order_fok_buy", rest.limit_order_fok_buy(fresh(), PRODUCT, "0.001", "7100.00").success)
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 600))
    tell("limit_order_gtd_buy", rest.limit_order_gtd_buy(fresh(), PRODUCT, "0.001", "6000.00", end).success)
    down = "STOP_DIRECTION_STOP_DOWN"
    stop = rest.stop_limit_order_gtc_sell(fresh(), PRODUCT, "0.001", "5900.00", "6000.00", down)
    tell("stop_limit_order_gtc_sell", stop.success)
    bracket = rest.trigger_bracket_order_gtc_sell(fresh(), PRODUCT, "0.001", "9000.00", "6000.00")
    tell("trigger_bracket_order_gtc_sell", bracket.success)
    pair = {"from_account": "USDC", "to_account": "USD"}
    quote = rest.create_convert_quote(**pair, amount="10").trade
    tell("create_convert_quote", quote.status)
    tell("commit_convert_trade", rest.commit_convert_trade(quote.id, **pair).trade.status)
    tell("get_convert_trade", rest.get_convert_trade(quote.id, **pair).trade.status)
    poor = rest.limit_order_gtc_buy(fresh(), PRODUCT, "900", "6000.00")
    tell("insufficient_fund", [poor.success, poor.error_response.error])
    cross = rest.limit_order_gtc_buy(fresh(), PRODUCT, "0.01", "7900.00", post_only=True)
    tell("post_only", [cross.success, cross.error_response.error])
    one = fresh()
    twice = [rest.limit_order_gtc_buy(one, PRODUCT, "0.01", "6000.00") for _ in range(2)]
    tell("the_same_id_twice", len({each.success_response.order_id for each in twice}))


def fail_all(rest):
    key = ec.generate_private_key(ec.SECP256R1())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL)
    stranger = client(secret=key.private_bytes(*form, serialization.NoEncryption()).decode())
    viewer = client(TO["viewKey"], TO["viewSecret"])
    tell("wrong_key", status(stranger.get_accounts))
    tell("unknown_order", status(lambda: rest.get_order("nobody")))
    tell("unknown_product", status(lambda: rest.get_product("BTC-XXX")))
    tell("no_futures", status(rest.get_futures_balance_summary))
    try:
        viewer.limit_order_gtc_buy(fresh(), PRODUCT, "0.01", "6000.00")
    except HTTPError as error:
        tell("missing_scopes", "Missing Required Scopes" in str(error))
    for answer in ["429-json", "429-html", "503-html", "500-gateway"]:
        control("failNext", route="GET /accounts", answer=answer)
        tell("answered " + answer, status(rest.get_accounts))
    tell("and_then", status(rest.get_accounts))


def until(holds, seconds=20):
    end = time.time() + seconds
    while not holds():
        if time.time() > end:
            return False
        time.sleep(0.02)
    return True


def watch_all(rest):
    channels, statuses, unread = set(), [], []

    def hear(text):
        try:
            frame = WebsocketResponse(json.loads(text))
            channels.add(frame.channel)
            if frame.channel == "user":
                for event in frame.events:
                    statuses.extend([order.client_order_id, order.status] for order in event.orders)
        except Exception as error:  # whatever the SDK's own parser does not understand
            unread.append(f"{type(error).__name__}: {text[:200]}")

    key = {"api_key": TO["apiKey"], "api_secret": TO["apiSecret"], "on_message": hear}
    market = WSClient(base_url=TO["ws"], **key)
    user = WSUserClient(base_url=TO["wsUser"], **key)
    market.open()
    user.open()
    names = ["ticker", "ticker_batch", "level2", "market_trades", "candles", "status"]
    market.subscribe([PRODUCT], names)
    market.heartbeats()
    user.user([PRODUCT])
    user.heartbeats()
    wanted = {"ticker", "ticker_batch", "l2_data", "market_trades", "candles", "status", "heartbeats", "user"}
    tell("channels", until(lambda: wanted <= channels) or sorted(wanted - channels))
    one = fresh()
    made = rest.limit_order_gtc_buy(one, PRODUCT, "0.01", "6000.00").success_response
    tell("own_order", until(lambda: [one, "OPEN"] in statuses))
    rest.cancel_orders([made.order_id])
    tell("own_cancel", until(lambda: [one, "CANCELLED"] in statuses))
    channels.clear()
    control("closeSockets", code=1011, streams=["market"])
    tell("after_1011_it_comes_back", until(lambda: {"ticker", "l2_data"} <= channels))
    tell("unread", unread[:3])
    market.unsubscribe_all()
    for one in (market, user):
        one.close()


rest = client(rate_limit_headers=False)
read_all(rest)
trade_all(rest)
fail_all(rest)
watch_all(rest)
