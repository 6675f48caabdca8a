"""The operations: primitives by family, and the PyTorch-named functions composed from them."""

from ..primitive import broadcast as broadcast
from .arithmetic import (
    abs as abs,
)
from .arithmetic import (
    add as add,
)
from .arithmetic import (
    addcdiv as addcdiv,
)
from .arithmetic import (
    addcmul as addcmul,
)
from .arithmetic import (
    clamp as clamp,
)
from .arithmetic import (
    clip as clip,
)
from .arithmetic import (
    div as div,
)
from .arithmetic import (
    fmax as fmax,
)
from .arithmetic import (
    fmin as fmin,
)
from .arithmetic import (
    isclose as isclose,
)
from .arithmetic import (
    lerp as lerp,
)
from .arithmetic import (
    log2 as log2,
)
from .arithmetic import (
    log10 as log10,
)
from .arithmetic import (
    masked_fill as masked_fill,
)
from .arithmetic import (
    nan_to_num as nan_to_num,
)
from .arithmetic import (
    pow as pow,
)
from .arithmetic import (
    reciprocal as reciprocal,
)
from .arithmetic import (
    round as round,
)
from .arithmetic import (
    rsqrt as rsqrt,
)
from .arithmetic import (
    silu as silu,
)
from .arithmetic import (
    softplus as softplus,
)
from .arithmetic import (
    square as square,
)
from .arithmetic import (
    sub as sub,
)
from .arithmetic import (
    trunc as trunc,
)
from .arithmetic import (
    where as where,
)
from .dims import sizes as sizes
from .elementwise import (
    abs_ as abs_,
)
from .elementwise import (
    add_ as add_,
)
from .elementwise import (
    bitwise_and as bitwise_and,
)
from .elementwise import (
    bitwise_not as bitwise_not,
)
from .elementwise import (
    bitwise_or as bitwise_or,
)
from .elementwise import (
    bitwise_xor as bitwise_xor,
)
from .elementwise import (
    ceil as ceil,
)
from .elementwise import (
    cos as cos,
)
from .elementwise import (
    div_ as div_,
)
from .elementwise import (
    eq as eq,
)
from .elementwise import (
    exp as exp,
)
from .elementwise import (
    expm1 as expm1,
)
from .elementwise import (
    fill as fill,
)
from .elementwise import (
    floor as floor,
)
from .elementwise import (
    floor_divide as floor_divide,
)
from .elementwise import (
    ge as ge,
)
from .elementwise import (
    gt as gt,
)
from .elementwise import (
    isfinite as isfinite,
)
from .elementwise import (
    isinf as isinf,
)
from .elementwise import (
    isnan as isnan,
)
from .elementwise import (
    le as le,
)
from .elementwise import (
    log as log,
)
from .elementwise import (
    log1p as log1p,
)
from .elementwise import (
    logical_and as logical_and,
)
from .elementwise import (
    logical_not as logical_not,
)
from .elementwise import (
    logical_or as logical_or,
)
from .elementwise import (
    logical_xor as logical_xor,
)
from .elementwise import (
    lt as lt,
)
from .elementwise import (
    maximum as maximum,
)
from .elementwise import (
    minimum as minimum,
)
from .elementwise import (
    mul as mul,
)
from .elementwise import (
    ne as ne,
)
from .elementwise import (
    neg as neg,
)
from .elementwise import (
    pow_ as pow_,
)
from .elementwise import (
    relu as relu,
)
from .elementwise import (
    remainder as remainder,
)
from .elementwise import (
    round_ as round_,
)
from .elementwise import (
    sigmoid as sigmoid,
)
from .elementwise import (
    sign as sign,
)
from .elementwise import (
    sin as sin,
)
from .elementwise import (
    sqrt as sqrt,
)
from .elementwise import (
    sub_ as sub_,
)
from .elementwise import (
    tanh as tanh,
)
from .elementwise import (
    where_ as where_,
)
from .indexing import (
    Slot as Slot,
)
from .indexing import (
    filled as filled,
)
from .indexing import (
    gather_at as gather_at,
)
from .indexing import (
    put_at as put_at,
)
from .indexing import (
    scatter_at as scatter_at,
)
from .linear import matmul_ as matmul_
from .linear import swap as swap
from .movement import (
    cast as cast,
)
from .movement import (
    cat_ as cat_,
)
from .movement import (
    clone as clone,
)
from .movement import (
    crop as crop,
)
from .movement import (
    expand_ as expand_,
)
from .movement import (
    flip_ as flip_,
)
from .movement import (
    pad_ as pad_,
)
from .movement import (
    permute_ as permute_,
)
from .movement import (
    reshape_ as reshape_,
)
from .movement import (
    transfer as transfer,
)
from .products import (
    addmm as addmm,
)
from .products import (
    bmm as bmm,
)
from .products import (
    dot as dot,
)
from .products import (
    matmul as matmul,
)
from .products import (
    mm as mm,
)
from .products import (
    mv as mv,
)
from .products import (
    outer as outer,
)
from .random import (
    Generator as Generator,
)
from .random import (
    default_generator as default_generator,
)
from .random import (
    integers_like as integers_like,
)
from .random import (
    manual_seed as manual_seed,
)
from .random import (
    normal_like as normal_like,
)
from .random import (
    permutation_like as permutation_like,
)
from .random import (
    uniform_like as uniform_like,
)
from .reduction import (
    all_ as all_,
)
from .reduction import (
    amax_ as amax_,
)
from .reduction import (
    amin_ as amin_,
)
from .reduction import (
    any_ as any_,
)
from .reduction import (
    argmax_ as argmax_,
)
from .reduction import (
    argmin_ as argmin_,
)
from .reduction import (
    argsort_ as argsort_,
)
from .reduction import (
    cumsum_ as cumsum_,
)
from .reduction import (
    sum_ as sum_,
)
from .reduction import (
    sum_to as sum_to,
)
from .selection import (
    gather as gather,
)
from .selection import (
    getitem as getitem,
)
from .selection import (
    index_select as index_select,
)
from .selection import (
    masked_select as masked_select,
)
from .selection import (
    scatter as scatter,
)
from .selection import (
    scatter_add as scatter_add,
)
from .selection import (
    setitem as setitem,
)
from .selection import (
    split_key as split_key,
)
from .selection import (
    take as take,
)
from .selection import (
    take_along_dim as take_along_dim,
)
from .shapes import (
    broadcast_to as broadcast_to,
)
from .shapes import (
    cat as cat,
)
from .shapes import (
    chunk as chunk,
)
from .shapes import (
    expand as expand,
)
from .shapes import (
    flatten as flatten,
)
from .shapes import (
    flip as flip,
)
from .shapes import (
    movedim as movedim,
)
from .shapes import (
    narrow as narrow,
)
from .shapes import (
    permute as permute,
)
from .shapes import (
    repeat as repeat,
)
from .shapes import (
    reshape as reshape,
)
from .shapes import (
    select as select,
)
from .shapes import (
    split as split,
)
from .shapes import (
    squeeze as squeeze,
)
from .shapes import (
    stack as stack,
)
from .shapes import (
    t as t,
)
from .shapes import (
    transpose as transpose,
)
from .shapes import (
    unbind as unbind,
)
from .shapes import (
    unflatten as unflatten,
)
from .shapes import (
    unsqueeze as unsqueeze,
)
from .statistics import (
    Extreme as Extreme,
)
from .statistics import (
    all as all,
)
from .statistics import (
    amax as amax,
)
from .statistics import (
    amin as amin,
)
from .statistics import (
    any as any,
)
from .statistics import (
    argmax as argmax,
)
from .statistics import (
    argmin as argmin,
)
from .statistics import (
    argsort as argsort,
)
from .statistics import (
    count_nonzero as count_nonzero,
)
from .statistics import (
    cumsum as cumsum,
)
from .statistics import (
    log_softmax as log_softmax,
)
from .statistics import (
    logsumexp as logsumexp,
)
from .statistics import (
    max as max,
)
from .statistics import (
    mean as mean,
)
from .statistics import (
    min as min,
)
from .statistics import (
    norm as norm,
)
from .statistics import (
    softmax as softmax,
)
from .statistics import (
    sort as sort,
)
from .statistics import (
    std as std,
)
from .statistics import (
    std_mean as std_mean,
)
from .statistics import (
    sum as sum,
)
from .statistics import (
    topk as topk,
)
from .statistics import (
    var as var,
)
from .statistics import (
    var_mean as var_mean,
)
